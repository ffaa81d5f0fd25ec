/** Whether a text holds every word that was typed, in any order and in capitals or not; any text where none was typed. */
export function holdsTyped(typed: string): (text: string) => boolean {
  const words = typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (text) => {
    const all = text.toLowerCase();
    return words.every((word) => all.includes(word));
  };
}
