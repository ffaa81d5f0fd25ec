import { z } from 'zod';

/** Control characters, and those that turn the direction of what follows: text could be shown as something it is not. */
const MISLEADING = /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u;

/** Text from a file that is shown to a person. */
export const PlainText = (least: number, most: number) =>
  z
    .string()
    .min(least)
    .max(most)
    .refine((text) => !MISLEADING.test(text), 'it holds characters that are not shown');

/** The text without what {@link PlainText} refuses, in UTF-16 code units no longer than `most`. */
export function toPlainText(text: string, most: number): string {
  return text.replaceAll(new RegExp(MISLEADING, 'gu'), '').trim().slice(0, most).toWellFormed();
}
