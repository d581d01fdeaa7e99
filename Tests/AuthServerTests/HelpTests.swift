import Foundation
import Testing

@testable import AuthServer

@Suite struct HelpTests {
  private func output(_ arguments: [String]) async throws -> String {
    let process = try ServerProcess(arguments, isRaw: true)
    #expect(await process.exitStatus == 0)
    return process.output
  }

  @Test func `there is one help, however it is asked for`() async throws {
    let help = try await output(["--help"])
    for arguments in [["-h"], ["help"], ["serve", "--help"], ["help", "serve"], ["--port", "http", "--help"]] {
      #expect(try await output(arguments) == help)
    }
    #expect(help.components(separatedBy: "OVERVIEW:").count == 2)
    #expect(help.contains("\nUSAGE: AuthServer [serve] [<options>]\n"))
  }

  @Test func `help has every option and default under a heading, and explains the variables once`() async throws {
    let help = try await output(["--help"])
    for heading in ["SERVICE:", "PASSWORDS:", "DELIVERY OF MESSAGES:", "CLIENTS:"] { #expect(help.contains("\n\(heading)\n")) }
    let words = help.split { $0 == " " || $0 == "\n" }.joined(separator: " ")
    for setting in Serve.settings {
      let isFlag = setting.placeholder.isEmpty
      #expect(words.contains(isFlag ? " \(setting.option) " : " \(setting.option) <\(setting.placeholder)> "))
      if setting.defaultText != "none" && !isFlag { #expect(words.contains("(default: \(setting.defaultText))")) }
    }
    #expect(help.components(separatedBy: "SWIFT_AUTH_PORT").count == 2)
  }

  @Test(arguments: [["calibrate", "--help"], ["help", "calibrate"]])
  func `calibrate has its own help`(_ arguments: [String]) async throws {
    let help = try await output(arguments)
    #expect(help.contains("\nUSAGE: AuthServer calibrate [<options>]\n"))
    #expect(help.contains("--target-ms") && help.contains("(default: 250)") && !help.contains("--port"))
  }

  @Test func `every command on users has its own help`() async throws {
    for command in ["list", "show", "create", "disable", "sessions", "send-reset", "events", "export", "delete"] {
      let help = try await output(["user", command, "--help"])
      #expect(help.contains("\nUSAGE: AuthServer user \(command) "))
      #expect(help.contains("--database <place>") && help.contains("(default: auth.sqlite)"))
      #expect(try await output(["help", "user", command]) == help)
    }
  }

  @Test func `every command on messages has its own help`() async throws {
    for command in ["list", "retry", "drop"] {
      let help = try await output(["outbox", command, "--help"])
      #expect(help.contains("\nUSAGE: AuthServer outbox \(command) "))
      #expect(help.contains("--database <place>") && help.contains("--kind <kind>"))
      #expect(try await output(["help", "outbox", command]) == help)
    }
  }

  @Test func `a mistyped option is named with the one that was meant`() async throws {
    let process = try ServerProcess(["--prot", "5000"], isRaw: true)
    #expect(await process.exitStatus == 64)
    #expect(process.output.hasPrefix("Error: Unknown option '--prot'. Did you mean '--port'?\n"))
  }
}
