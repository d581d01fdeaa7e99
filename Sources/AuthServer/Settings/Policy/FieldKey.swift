internal import AuthCore

/// A key of the settings file for a field of a policy, or of a part of it: how the field is changed and shown.
struct FieldKey<Root>: Sendable {
  let name: String
  /// Changes the field.
  let set: @Sendable (inout Root, String) throws(InvalidValue) -> Void
  /// The value, as the file would have it; nil where the policy has no such part.
  let text: @Sendable (Root) -> String?
}

extension FieldKey {
  init<Value>(_ name: String, _ field: any WritableKeyPath<Root, Value> & Sendable, _ form: ValueForm<Value>) {
    self.init(
      name: name,
      set: { (root, text) throws(InvalidValue) in root[keyPath: field] = try form.parse(text) },
      text: { form.text($0[keyPath: field]) })
  }

  /// The key for a field of `part`.
  func inside<Outer>(_ name: String, _ part: any WritableKeyPath<Outer, Root> & Sendable) -> FieldKey<Outer> {
    FieldKey<Outer>(
      name: "\(name).\(self.name)",
      set: { (outer, text) throws(InvalidValue) in try set(&outer[keyPath: part], text) },
      text: { text($0[keyPath: part]) })
  }

  /// The key for a field of a part that a policy may lack, and which then starts from `initial`.
  func inside<Outer>(
    _ name: String, _ part: any WritableKeyPath<Outer, Root?> & Sendable, from initial: Root
  ) -> FieldKey<Outer> where Root: Sendable {
    FieldKey<Outer>(
      name: "\(name).\(self.name)",
      set: { (outer, text) throws(InvalidValue) in
        var root = outer[keyPath: part] ?? initial
        try set(&root, text)
        outer[keyPath: part] = root
      },
      text: { $0[keyPath: part].flatMap(text) })
  }
}
