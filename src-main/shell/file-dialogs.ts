import path from 'node:path';
import type { BaseWindow, Dialog } from 'electron';

/** The files a person picks. Each resolves to a path, or null when the dialog was cancelled. */
export interface FileDialogs {
  chooseAlarmFile(): Promise<string | null>;
  chooseChainFile(): Promise<string | null>;
  /** `name` is proposed in the documents folder. */
  chooseExportFile(name: string): Promise<string | null>;
}

/**
 * The system's own dialogs, opened by the main process: the page never names a path. `window` is asked each time, as it
 * may be another one after a crash.
 */
export function createFileDialogs(
  dialog: Pick<Dialog, 'showOpenDialog' | 'showSaveDialog'>,
  window: () => BaseWindow,
  documents: string,
): FileDialogs {
  const open = async (title: string, name: string, extensions: string[]) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
      title,
      properties: ['openFile', 'dontAddToRecent'],
      filters: [
        { name, extensions },
        { name: 'All files', extensions: ['*'] },
      ],
    });
    return canceled ? null : (filePaths[0] ?? null);
  };
  return {
    chooseAlarmFile: () => open('Import an alarm', 'Alarms', ['json']),
    chooseChainFile: () => open('Verify a chain file', 'Chain files', ['jsonl']),
    chooseExportFile: async (name) => {
      const { canceled, filePath } = await dialog.showSaveDialog(window(), {
        title: 'Export the audit chain',
        defaultPath: path.join(documents, name),
        filters: [{ name: 'Chain files', extensions: ['jsonl'] }],
        properties: ['showOverwriteConfirmation', 'createDirectory'],
      });
      return canceled || filePath === '' ? null : filePath;
    },
  };
}
