/** Two letters for a name, whole characters whatever they take in memory: "Ada Lovelace" is "AL". */
export function takeInitials(name: string): string {
  const words = name.split(/\s+/).filter((word) => word !== '');
  const first = words.slice(0, 1);
  const last = words.slice(1).slice(-1);
  return [...first, ...last].map((word) => ([...word][0] ?? '').toUpperCase()).join('');
}
