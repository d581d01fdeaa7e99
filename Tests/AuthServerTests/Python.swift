import Foundation
import TestPrograms

/// Python 3, for a second opinion: its SQLite and its cryptography share no code with the server.
enum Python {
  /// What a script prints, when it has ended.
  static func output(of script: String, _ arguments: [String]) async throws -> String {
    let (process, output) = try start(script, arguments)
    return await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        continuation.resume(returning: String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self))
        process.waitUntilExit()
      }
    }
  }

  /// What a short script prints: the thread waits for it.
  static func run(_ script: String, _ arguments: String...) throws -> String {
    let (process, output) = try start(script, arguments)
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    return text
  }

  private static func start(_ script: String, _ arguments: [String]) throws -> (ChildProcess, Pipe) {
    let output = Pipe()
    let process = try ChildProcess(
      "/usr/bin/env", ["python3", "-c", script] + arguments, output: output.fileHandleForWriting)
    try output.fileHandleForWriting.close()
    return (process, output)
  }

  /// Runs one statement on a file, commits, and gives the first column of the first row, or nothing.
  static func sqlite(_ path: String, _ statement: String) throws -> String {
    try run(
      """
      import sqlite3, sys
      with sqlite3.connect(sys.argv[1], timeout=600) as connection:
          row = connection.execute(sys.argv[2]).fetchone()
      print("" if row is None else row[0], end="")
      """, path, statement)
  }
}
