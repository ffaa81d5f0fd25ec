/** Makes any text safe inside HTML text and attributes. Incident titles and names come from outside. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
