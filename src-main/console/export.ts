import { CausewayError } from '#shared/errors.ts';
import type { ExportResult, TrailExport } from '#shared/ipc/views.ts';
import type { AuditStore, ExportOptions, ExportRequest } from '../audit/store.ts';
import { actorOf, deviceOf, type Principal } from '../identity/principal.ts';
import { nowAndThen } from '../platform/now-and-then.ts';
import type { Events } from './events.ts';

export interface Exporter {
  /** Told of records done and in all besides the `exporting` events. Rejects with `cancelled` when it was cancelled. */
  run(
    by: Principal,
    file: string,
    asked: TrailExport,
    onProgress?: (done: number, total: number) => void,
  ): Promise<ExportResult>;
  /** Cancels the one under way; nothing is left of its file. */
  cancel(): void;
}

export interface ExporterOptions {
  readonly store: Pick<AuditStore, 'export'>;
  readonly events: Events;
  readonly generator: ExportOptions['generator'];
  /** Asked before anything is written; rejects when the guardrails say no. */
  readonly allow: (by: Principal, format: TrailExport['format']) => Promise<void>;
  /** Called when the chain has become longer. */
  readonly onRecorded: () => void;
}

/** Exports from the trail, one at a time. */
export function createExporter({ store, events, generator, allow, onRecorded }: ExporterOptions): Exporter {
  let running: AbortController | undefined;
  return {
    cancel: () => running?.abort(new CausewayError('cancelled', 'The export was cancelled.')),
    run: async (by, file, asked, onProgress) => {
      if (running !== undefined) {
        throw new CausewayError('conflict', 'An export is running. Wait for it or cancel it.', { reason: 'exporting' });
      }
      const request = toRequest(asked);
      running = new AbortController();
      const { signal } = running;
      const emit = nowAndThen((done, total) => events.emit({ type: 'exporting', done, total }));
      const tell = (done: number, total: number) => {
        onProgress?.(done, total);
        emit(done, total);
      };
      try {
        await allow(by, asked.format);
        const options = {
          disclose: asked.disclose,
          generator,
          by: { actor: actorOf(by), device: deviceOf(by) },
          signal,
          onProgress: tell,
        };
        const { records, digest, size } = await store.export(file, request, options);
        return { file, records, digest, bytes: size };
      } finally {
        running = undefined;
        onRecorded();
      }
    },
  };
}

/** @throws CausewayError `bad-input` for a selection the format has no room for: it must not be passed over */
export function toRequest({ format, query, first, last, from, to, cosigned }: TrailExport): ExportRequest {
  const range = { first, last, from, to };
  const ranged = Object.values(range).some((edge) => edge !== undefined);
  if (cosigned === true && format !== 'chain') throw refused('Only the whole chain can end at a cosigned checkpoint.');
  switch (format) {
    case 'chain':
      if (ranged || query !== undefined) throw refused('The whole chain has no range and no filter.');
      return { format, ...(cosigned === undefined ? {} : { cosigned }) };
    case 'range':
      if (query !== undefined) throw refused('A range leaves no record out: filter an extract instead.');
      return { format, ...range };
    case 'extract':
      if (first !== undefined || last !== undefined) throw refused('An extract is selected by a filter, not by seq.');
      return { format, query: { ...query, ...defined({ from, to }) } };
    case 'ocsf':
    case 'cef':
    case 'csv':
      return { format, ...(query === undefined ? {} : { query }), ...(ranged ? { range } : {}) };
  }
}

function defined<T extends Readonly<Record<string, string | undefined>>>(members: T): Partial<Record<keyof T, string>> {
  const kept = Object.entries(members).filter(([, value]) => value !== undefined);
  return Object.fromEntries(kept) as Partial<Record<keyof T, string>>;
}

function refused(text: string): CausewayError {
  return new CausewayError('bad-input', text, { reason: 'export-selection' });
}
