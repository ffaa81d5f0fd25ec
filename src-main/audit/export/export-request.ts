import type { TrailQuery } from '#shared/ipc/views.ts';
import type { AppendInput } from '../append-input.ts';
import type { Checkpoint } from '../checkpoint.ts';

/** What records are looked for by; without paging. */
export type RecordFilter = Omit<TrailQuery, 'before' | 'limit'>;

/** Records without omission: by seq, or those of a time, at its edges by the first and the last one in it. */
export interface RangeRequest {
  readonly first?: number | undefined;
  readonly last?: number | undefined;
  /** RFC 3339. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

export type ExportRequest =
  /** The whole chain, with the record of the export; or up to the newest checkpoint a witness cosigned, with that. */
  | { readonly format: 'chain'; readonly cosigned?: boolean | undefined }
  | ({ readonly format: 'range' } & RangeRequest)
  /** Records chosen, each with its proof. */
  | { readonly format: 'extract'; readonly query: RecordFilter }
  /** For other programs: what is in them is the chain's, and they do not verify by themselves. */
  | { readonly format: 'ocsf' | 'cef' | 'csv'; readonly range?: RangeRequest; readonly query?: RecordFilter };

export type ExportFormat = ExportRequest['format'];

/** Which values are disclosed: by seq, and JSON pointer into the record. */
export type DisclosureChoice = (seq: number, path: string) => boolean;

export interface ExportOptions {
  /** Whether personal values are disclosed in the file, or stay sealed: all, none, or those that are chosen. */
  readonly disclose: boolean | DisclosureChoice;
  readonly generator: { readonly name: string; readonly version: string };
  /** Who exports; the system itself when nobody is named. */
  readonly by?: Pick<AppendInput<'tenant.audit_exported'>, 'actor' | 'onBehalfOf' | 'device'> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Records done and in all. */
  readonly onProgress?: ((done: number, total: number) => void) | undefined;
}

export interface ExportedFile {
  readonly records: number;
  /** Personal values in clear. */
  readonly disclosures: number;
  /** Seq of the first and the last record. */
  readonly first: number;
  readonly last: number;
  /** Lowercase hex SHA-256 of the whole file. */
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
  readonly checkpoint: Checkpoint;
}

/** Whether the value at this place is to be disclosed. */
export function isDisclosed({ disclose }: Pick<ExportOptions, 'disclose'>, seq: number, path: string): boolean {
  return typeof disclose === 'function' ? disclose(seq, path) : disclose;
}
