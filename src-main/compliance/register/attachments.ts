import { hash } from 'node:crypto';
import { statSync } from 'node:fs';
import { mkdir, stat, unlink } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { readSmallFile, writeFileAtomically } from '#main/platform/atomic-file.ts';
import type { Cipher } from '#main/platform/cipher.ts';
import { notWritten } from '#main/platform/not-written.ts';
import type { Random } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import { Digest } from '#shared/model/evidence.ts';

/** Bytes one attachment may have. */
export const MOST_ATTACHED = 32 * 1024 * 1024;
/** Nonce and tag of the cipher. */
const OVERHEAD = 64;
const LONGEST_NAME = 255;

/** By the end of the name: what a viewer is told, never what is done with it. */
const MEDIA_TYPES: Readonly<Record<string, string>> = {
  '.pdf': 'application/pdf',
  '.csv': 'text/csv',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.json': 'application/json',
  '.html': 'text/html',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.docx': 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
  '.xlsx': 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
  '.pptx': 'application/vnd.openxmlformats-officedocument.presentationml.presentation',
  '.zip': 'application/zip',
  '.eml': 'message/rfc822',
};

/** A file somebody attaches. */
export interface NewAttachment {
  readonly name: string;
  readonly mediaType: string;
  readonly content: Uint8Array;
}

/** The files that show what was done, encrypted, each under the digest the record names it by. */
export interface Attachments {
  /** Lowercase hex SHA-256 of the content. Kept already, nothing is done. @throws CausewayError `too-large`, `bad-input`, `disk-full`, `read-only` */
  keep(content: Uint8Array): Promise<{ readonly digest: string; readonly isNew: boolean }>;
  has(digest: string): boolean;
  /** What was kept. @throws CausewayError `not-found`, `audit-broken` when it is not what its digest says */
  read(digest: string): Promise<Uint8Array>;
  /** Takes one away that no record names. */
  remove(digest: string): Promise<void>;
}

export interface AttachmentsOptions {
  /** Of the workspace: the files lie in `attachments` below it. */
  readonly folder: string;
  readonly cipher: Cipher;
  readonly random: Random;
}

export function createAttachments({ folder: workspace, cipher, random }: AttachmentsOptions): Attachments {
  const folder = join(workspace, 'attachments');
  const fileOf = (digest: string): string => {
    // the name of a file is made of it: nothing but a digest may ever become one
    if (!Digest.safeParse(digest).success) throw notFound();
    return join(folder, digest);
  };
  const placeOf = (digest: string): string => `attachments/${digest}`;

  const has = (digest: string): boolean =>
    Digest.safeParse(digest).success && statSync(fileOf(digest), { throwIfNoEntry: false })?.isFile() === true;

  const read = async (digest: string): Promise<Uint8Array> => {
    const file = fileOf(digest);
    let sealed: Uint8Array;
    try {
      sealed = await readSmallFile(file, MOST_ATTACHED + OVERHEAD);
    } catch (cause) {
      if (isMissing(cause)) throw notFound();
      throw new CausewayError('audit-unavailable', 'This attachment cannot be read from disk.', { cause });
    }
    const content = cipher.open(sealed, placeOf(digest));
    if (hash('sha256', content, 'hex') === digest) return content;
    throw new CausewayError('audit-broken', 'This attachment is not the file its record names by its digest.', {
      reason: 'attachment',
    });
  };

  return {
    keep: async (content) => {
      if (content.length === 0) {
        throw new CausewayError('bad-input', 'This file is empty. It shows nothing.', { reason: 'attachment-empty' });
      }
      if (content.length > MOST_ATTACHED) throw tooLarge();
      const digest = hash('sha256', content, 'hex');
      const held = has(digest);
      // one that is there and damaged is written anew
      if (held && (await read(digest).catch(() => null)) !== null) return { digest, isNew: false };
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 });
        await writeFileAtomically(fileOf(digest), cipher.seal(content, placeOf(digest)), random);
      } catch (cause) {
        const text = 'The attachment cannot be written to disk. Nothing is on record; make room and try again.';
        throw notWritten(text, cause);
      }
      return { digest, isNew: !held };
    },
    has,
    read,
    remove: async (digest) => {
      await unlink(fileOf(digest)).catch((error: unknown) => {
        if (!isMissing(error)) throw error;
      });
    },
  };
}

/**
 * A file a person chose, read whole.
 * @throws CausewayError `too-large`, `not-found`
 */
export async function readAttachment(file: string): Promise<NewAttachment> {
  const name = basename(file).toWellFormed().slice(0, LONGEST_NAME).toWellFormed();
  const mediaType = MEDIA_TYPES[extname(file).toLowerCase()] ?? 'application/octet-stream';
  try {
    const { size } = await stat(file);
    if (size > MOST_ATTACHED) throw tooLarge();
    return { name, mediaType, content: await readSmallFile(file, MOST_ATTACHED) };
  } catch (cause) {
    if (cause instanceof CausewayError) throw cause;
    throw new CausewayError('not-found', `The file ${name} cannot be read. Nothing was recorded.`, { cause });
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function notFound(): CausewayError {
  return new CausewayError('not-found', 'This attachment is not kept here.', { reason: 'attachment' });
}

function tooLarge(): CausewayError {
  return new CausewayError('too-large', 'A file that is attached may have 32 MiB at most. Nothing was recorded.', {
    reason: 'attachment',
  });
}
