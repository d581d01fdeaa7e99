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

extension String { var escaped: String { replacing("&", with: "&amp;").replacing("<", with: "&lt;") } }
