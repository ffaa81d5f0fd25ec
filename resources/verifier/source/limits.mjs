// Bounds of the format (docs/chain-format.md): a file is made by whoever hands it over.

export const MAX_LINE = 4 * 1024 * 1024;
export const MAX_DEPTH = 64;
export const MAX_PROBLEMS = 1000;
export const MAX_KEYS = 10_000;
export const MAX_NOTE = 64 * 1024;
export const TIME_SLACK = 5 * 60 * 1000;
export const NO_PREDECESSOR = '0'.repeat(64);
/** What begins a chain that is made up, by its first record. */
export const EXAMPLE = 'Causeway example';
