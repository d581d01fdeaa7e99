import AuthHTTP
import Hummingbird

func page(_ title: String, _ body: String, status: HTTPResponse.Status = .ok) -> Response {
  let text = "<!doctype html><title>\(title.escaped)</title><h1>\(title.escaped)</h1>\(body)\n"
  let headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
  return Response(status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
}

func formHTML(_ path: String, _ names: [String], _ button: String) -> String {
  let inputs = names.map { #"<label>\#($0) <input name="\#($0)" type="\#($0 == "password" ? $0 : "text")"></label> "# }
  return #"<form method="post" action="\#(path)">\#(inputs.joined())<button>\#(button)</button></form>"#
}

extension Router<BasicSessionRequestContext> {
  typealias Submit<Fields> = @Sendable (Fields, Request, Context) async throws -> Response

  /// A page with a form, shown again with the reason when the visitor has to change what they entered.
  func form<Fields: Decodable>(_ path: RouterPath, _ names: [String], _ button: String, submit: @escaping Submit<Fields>) {
    let form = formHTML("", names, button)
    get(path) { _, _ in page(button, form) }
    post(path) { request, context in
      let fields = try await URLEncodedFormDecoder().decode(Fields.self, from: request, context: context)
      do { return try await submit(fields, request, context) } catch let error as any HTTPResponseError {
        guard error.status.kind == .clientError else { throw error }
        return page(button, "<p>\((error as? HTTPError)?.body ?? "\(error)".escaped)</p>\(form)", status: error.status)
      }
    }
  }
}

extension String {
  var escaped: String { replacing("&", with: "&amp;").replacing("<", with: "&lt;") }
}
