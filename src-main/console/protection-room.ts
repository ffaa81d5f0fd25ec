import type { HistoryKeeper } from './history-desk.ts';
import type { Parts } from './parts.ts';
import type { KeyKeeper } from './signing-keys.ts';
