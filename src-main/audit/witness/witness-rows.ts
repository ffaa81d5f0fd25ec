import type { Database, Statement } from '#main/platform/sqlite.ts';
import { type CheckpointRow, requireWritten } from '../sqlite-rows.ts';

export interface CosignatureRow {
  /** Of the checkpoint. */
  readonly size: number;
  readonly name: string;
  readonly key_id: string;
  /** The signature line with its line feed. */
  readonly line: string;
  /** When it was added, milliseconds. */
  readonly added: number;
}

export interface WitnessedRow {
  readonly chain: string;
  readonly size: number;
  readonly root: Buffer;
  /** JSON. */
  readonly keys: string;
  readonly seconds: number;
}

/** The statements of what witnesses said of this chain, and of what was seen of others. */
export class WitnessRows {
  readonly #checkpoint: Statement<[number], CheckpointRow>;
  readonly #checkpoints: Statement<[number, number], CheckpointRow>;
  readonly #insertCosignature: Statement<[number, string, string, string, number], unknown>;
  readonly #cosignatures: Statement<[number], CosignatureRow>;
  readonly #ofWitness: Statement<[string, string], CosignatureRow>;
  readonly #cosigned: Statement<[number], number>;
  readonly #insertWitnessed: Statement<[string, number, Buffer, string, number], unknown>;
  readonly #witnessed: Statement<[string], WitnessedRow>;
  readonly #allWitnessed: Statement<[], WitnessedRow>;

  constructor(db: Database) {
    const checkpoint = 'SELECT size, note, written FROM checkpoint';
    const cosignature = 'SELECT size, name, key_id, line, added FROM cosignature';
    this.#checkpoint = db.prepare(`${checkpoint} WHERE size = ?`);
    this.#checkpoints = db.prepare(`${checkpoint} WHERE size < ? ORDER BY size DESC LIMIT ?`);
    this.#insertCosignature = db.prepare(
      'INSERT INTO cosignature (size, name, key_id, line, added) VALUES (?, ?, ?, ?, ?)',
    );
    this.#cosignatures = db.prepare(`${cosignature} WHERE size = ? ORDER BY added, line`);
    this.#ofWitness = db.prepare(`${cosignature} WHERE name = ? AND key_id = ? ORDER BY size DESC, added DESC`);
    this.#cosigned = db
      .prepare<[number], number>('SELECT DISTINCT size FROM cosignature WHERE size <= ? ORDER BY size DESC')
      .pluck();
    this.#insertWitnessed = db.prepare(
      'INSERT INTO witnessed (chain, size, root, keys, seconds) VALUES (?, ?, ?, ?, ?)',
    );
    const witnessed = 'SELECT chain, size, root, keys, seconds FROM witnessed';
    this.#witnessed = db.prepare(`${witnessed} WHERE chain = ? ORDER BY size DESC`);
    this.#allWitnessed = db.prepare(`${witnessed} ORDER BY chain, size`);
  }

  checkpoint(size: number): CheckpointRow | undefined {
    return this.#checkpoint.get(size);
  }

  /** Those smaller than `before`, newest first. */
  checkpoints(before: number, limit: number): CheckpointRow[] {
    return this.#checkpoints.all(before, limit);
  }

  insertCosignature({ size, name, key_id, line, added }: CosignatureRow): void {
    requireWritten(this.#insertCosignature.run(size, name, key_id, line, added));
  }

  /** Of one checkpoint, in the order they came. */
  cosignatures(size: number): CosignatureRow[] {
    return this.#cosignatures.all(size);
  }

  /** By one witness, of the largest checkpoint first. */
  *ofWitness(name: string, keyId: string): Generator<CosignatureRow> {
    for (const row of this.#ofWitness.all(name, keyId)) yield row;
  }

  /** Sizes of checkpoints that have cosignatures, up to `last`, largest first. */
  cosigned(last = Number.MAX_SAFE_INTEGER): number[] {
    return this.#cosigned.all(last);
  }

  insertWitnessed({ chain, size, root, keys, seconds }: WitnessedRow): void {
    requireWritten(this.#insertWitnessed.run(chain, size, root, keys, seconds));
  }

  /** What is said to have been seen of a chain, the largest first. */
  witnessed(chain: string): WitnessedRow[] {
    return this.#witnessed.all(chain);
  }

  /** Of every chain. */
  allWitnessed(): WitnessedRow[] {
    return this.#allWitnessed.all();
  }
}
