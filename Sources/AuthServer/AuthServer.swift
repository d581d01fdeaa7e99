import ArgumentParser
import AuthHTTP
import Hummingbird
import Configuration
@main struct AuthServer { static func main() {} }
