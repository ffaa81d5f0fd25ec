import path from 'node:path';
import type { BaseWindow, Dialog } from 'electron';

/** The files a person picks. Each resolves to a path, or null when the dialog was cancelled. */
export interface FileDialogs {
  chooseAlarmFile(): Promise<string | null>;
  chooseChainFile(): Promise<string | null>;
  chooseWitnessFolder(): Promise<string | null>;
  chooseWitnessRequest(): Promise<string | null>;
  chooseWitnessAnswer(): Promise<string | null>;
  /** `name` is proposed in the documents folder. */
  saveWitnessRequest(name: string): Promise<string | null>;
  /** `name` is proposed in the documents folder. */
  saveWitnessAnswer(name: string): Promise<string | null>;
  chooseDecisionFile(kind: DecisionFileKind): Promise<string | null>;
  /** `name` is proposed in the documents folder. */
  saveDecisionFile(name: string, kind: DecisionFileKind): Promise<string | null>;
  /** `name` is proposed in the documents folder. */
  chooseExportFile(name: string, kind: ExportFileKind): Promise<string | null>;
  /** Files that show that a control was performed; several at once. */
  chooseAttachments(): Promise<readonly string[] | null>;
  chooseReport(): Promise<string | null>;
  chooseNotes(): Promise<string | null>;
  chooseFolder(title: string): Promise<string | null>;
}

export type DecisionFileKind = 'request' | 'answer' | 'device';

const DECISION_FILES: Readonly<Record<DecisionFileKind, { readonly name: string; readonly ending: string }>> = {
  request: { name: 'Requests for a decision', ending: 'causeway-request' },
  answer: { name: 'Signed decisions', ending: 'causeway-answer' },
  device: { name: 'Device keys', ending: 'causeway-device' },
};

/** What is written: the end of its name, and its words in the dialog. */
export interface ExportFileKind {
  readonly ending: `.${string}`;
  readonly title: string;
  readonly name: string;
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
  const folder = async (title: string) => {
    const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
      title,
      properties: ['openDirectory', 'createDirectory', 'dontAddToRecent'],
    });
    return canceled ? null : (filePaths[0] ?? null);
  };
  const save = async (title: string, proposed: string, name: string, extension: string) => {
    const { canceled, filePath } = await dialog.showSaveDialog(window(), {
      title,
      defaultPath: path.join(documents, proposed),
      filters: [{ name, extensions: [extension] }],
      properties: ['showOverwriteConfirmation', 'createDirectory'],
    });
    return canceled || filePath === '' ? null : filePath;
  };
  return {
    chooseAlarmFile: () => open('Import an alarm', 'Alarms', ['json']),
    chooseChainFile: () => open('Verify a chain file', 'Chain files', ['jsonl']),
    chooseWitnessFolder: () => folder('Choose a folder that is given every checkpoint'),
    chooseFolder: folder,
    chooseAttachments: async () => {
      const { canceled, filePaths } = await dialog.showOpenDialog(window(), {
        title: 'Choose what shows that it was done',
        properties: ['openFile', 'multiSelections', 'dontAddToRecent'],
      });
      return canceled || filePaths.length === 0 ? null : filePaths;
    },
    chooseReport: () => open('Choose the report', 'Reports', ['html', 'json']),
    chooseNotes: () => open("Take in an auditor's notes", "Auditor's notes", ['causeway-notes']),
    chooseWitnessRequest: () => open('Cosign a checkpoint', 'Witness requests', ['witness-request']),
    chooseWitnessAnswer: () => open("Add a witness's answer", 'Cosignatures', ['cosignature', 'txt']),
    saveWitnessRequest: (name) => save('Save the request', name, 'Witness requests', 'witness-request'),
    saveWitnessAnswer: (name) => save('Save the cosignature', name, 'Cosignatures', 'cosignature'),
    chooseDecisionFile: (kind) => {
      const { name, ending } = DECISION_FILES[kind];
      return open(name, name, [ending]);
    },
    saveDecisionFile: (proposed, kind) => {
      const { name, ending } = DECISION_FILES[kind];
      return save(name, proposed, name, ending);
    },
    chooseExportFile: (proposed, { title, name, ending }) =>
      save(title, proposed, name, ending.slice(ending.lastIndexOf('.') + 1)),
  };
}
