import type { Incident } from '#shared/model/incident.ts';
import { call } from '../../bridge/call.ts';
import { UiError } from '../../bridge/ui-error.ts';
import { formatCount } from '../../format/numbers.ts';

const MOST_BYTES = 1_048_576;

/** What of a dropped file is used: its name, its size and its text. */
export type DroppedFile = Pick<File, 'name' | 'size' | 'text'>;

/** Imports one dropped alarm file. Throws UiError with a sentence for what cannot be an alarm at all. */
export async function importDropped(files: readonly DroppedFile[]): Promise<Incident> {
  const [file] = files;
  if (file === undefined || files.length > 1) {
    throw refusal(
      files.length > 1
        ? `${files.length} files were dropped; alarms are imported one at a time. Nothing was imported.`
        : 'What was dropped is not a file. Nothing was imported.',
    );
  }
  if (file.size > MOST_BYTES) {
    throw new UiError({
      code: 'too-large',
      message: `"${file.name}" has ${formatCount(file.size)} bytes; an alarm may have ${formatCount(MOST_BYTES)} at most. Nothing was imported.`,
      ref: '',
    });
  }
  let text: string;
  try {
    text = await file.text();
  } catch {
    throw refusal(`"${file.name}" could not be read; a folder cannot be imported. Nothing was imported.`);
  }
  return call('incidents.importText', { name: file.name.slice(0, 255), text });
}

function refusal(message: string): UiError {
  return new UiError({ code: 'bad-input', message, ref: '' });
}
