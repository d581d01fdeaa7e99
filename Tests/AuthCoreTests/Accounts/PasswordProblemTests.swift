import AuthCore
import Testing

@Suite struct PasswordProblemTests {
  @Test(arguments: [
    (PasswordProblem.tooShort(scalars: 5, minimum: 15), "the password has 5 characters; the minimum is 15"),
    (.tooShort(scalars: 1, minimum: 15), "the password has 1 character; the minimum is 15"),
    (.tooShort(scalars: 0, minimum: 15), "the password has 0 characters; the minimum is 15"),
    (.tooLong(bytes: 4097), "the password has 4097 bytes; the limit is 4096"),
  ])
  func `a password of the wrong length is told its length and the limit`(_ problem: PasswordProblem, _ message: String) {
    #expect(problem.description == message)
  }
}
