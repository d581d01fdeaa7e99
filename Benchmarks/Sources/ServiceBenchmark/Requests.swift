import BenchmarkSupport

/// Requests for `wrk` to send: a path, and the Lua that makes them.
struct Requests: Sendable {
  let path: String
  let script: String

  /// `GET /profile` with the same session each time.
  static func profile(session number: Int) -> Requests {
    Requests(
      path: "/profile", script: "wrk.headers[\"Cookie\"] = \"session_id=\(Population.sessionID(number).text)\"")
  }

  /// `GET /profile`, each time with one of the sessions at random.
  static func profile(sessions: Range<Int>, cookie: String = "session_id") -> Requests {
    // Ready as text: wrk's own way to put a request together costs more than all the rest of it.
    let script = """
      math.randomseed(os.time())
      local text = "GET /profile HTTP/1.1\\r\\nHost: 127.0.0.1\\r\\nCookie: \(cookie)=\(Population.sessionFormat)\\r\\n\\r\\n"
      function request()
        return text:format(math.random(\(sessions.lowerBound), \(sessions.upperBound - 1)))
      end
      """
    return Requests(path: "/profile", script: script)
  }

  /// `POST /reset_password`, each time for one of the users at random.
  static func resets(users: Range<Int>) -> Requests {
    Requests(path: "/reset_password", script: post("math.random(\(users.lowerBound), \(users.upperBound - 1))", password: nil))
  }

  /// `POST /sessions` for one user after the other. When the server says that too many passwords wait, they pause as
  /// `Retry-After` asks, though for a second at the most.
  static func logIns(users: Range<Int>) -> Requests {
    let script = """
      refused = 0
      local pause = 0
      function response(status)
        pause = status == 503 and 1000 or 0
        if status == 503 then refused = refused + 1 end
      end
      function delay()
        return pause
      end
      local last = 0
      function next_user()
        last = (last + 1) % \(users.count)
        return \(users.lowerBound) + last
      end

      """
    return Requests(path: "/sessions", script: script + post("next_user()", password: Population.password))
  }

  private static func post(_ user: String, password: String?) -> String {
    """
    math.randomseed(os.time())
    wrk.method = "POST"
    wrk.headers["Content-Type"] = "application/x-www-form-urlencoded"
    function request()
      return wrk.format(nil, nil, nil, ("email=\(Population.emailFormat)\(password.map { "&password=" + $0 } ?? "")"):format(\(user)))
    end
    """
  }
}

extension RunningServer {
  /// What the server does when `connections` send these requests for so long.
  func load(_ requests: Requests, seconds: Int, connections: Int = 64) async throws -> Load {
    let url = address + requests.path
    return try await onThread { try wrk(url, connections: connections, seconds: seconds, script: requests.script) }
  }
}
