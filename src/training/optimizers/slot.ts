/** The entry that a definition declared; its absence is a bug of that definition. */
export function slot<Value>(entries: Readonly<Record<string, Value>>, name: string): Value {
  const value = entries[name];
  if (value === undefined) throw new Error(`The optimizer has no ${name}.`);
  return value;
}
