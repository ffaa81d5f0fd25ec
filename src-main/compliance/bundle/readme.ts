import { SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import type { BundleEntry, Manifest } from './manifest.ts';

export const README_FILE = 'README.txt';
export const SUMS_FILE = 'SHA256SUMS.txt';
export const CHAIN_FILE = 'audit.chain.jsonl';
export const VERIFIER_SCRIPT = 'causeway-verify.mjs';
export const VERIFIER_PAGE = 'causeway-verify.html';

const DISCLOSED: Readonly<Record<Manifest['disclosed'], string>> = {
  none: 'No sealed value is opened: names, titles and what people wrote stand in the records as salted digests.',
  reports: 'The sealed values that the reports give in clear are opened, and no others.',
  all: 'All sealed values that were not erased are opened: names, titles and what people wrote.',
};

const UNSOUND = [
  'MADE OVER A CHAIN THAT DOES NOT VERIFY',
  '',
  'Records of the audit chain were found altered, missing or out of place when the reports were made. The first page of each',
  'report says so, and no status in them is better than partial. The verifier will find the same: this is what was given out,',
  'and not damage on the way. Ask the organization what happened, and for its incident bundle.',
  '',
];

export interface ReadmeContent {
  readonly about: Omit<Manifest, 'causeway' | 'files'>;
  readonly files: readonly BundleEntry[];
  /** Everything in the chain is made up. */
  readonly synthetic: boolean;
  /** The chain did not verify when the reports were made over it. */
  readonly unsound?: boolean | undefined;
}

/** What an auditor reads first: what is here, and how to check all of it without asking whoever made it. */
export function writeReadme({ about, files, synthetic, unsound }: ReadmeContent): string {
  const { chain, tenant, madeAt, made, build, disclosed } = about;
  const lines = [
    ...(synthetic ? [SYNTHETIC_CHAIN, ''] : []),
    'EVIDENCE BUNDLE FOR AUDITORS',
    '',
    `Workspace      ${tenant}`,
    `Audit chain    ${chain}`,
    `Made           ${madeAt} by ${made.by} at ${made.device}`,
    `Made with      ${build.name} ${build.version}`,
    '',
    ...(unsound === true ? UNSOUND : []),
    'CHECK IT YOURSELF',
    '',
    'You need no account, and nothing from whoever gave you this folder.',
    '',
    '1. That no file was changed:',
    `     sha256sum -c ${SUMS_FILE}          (macOS: shasum -a 256 -c ${SUMS_FILE})`,
    '',
    '2. That the audit chain is whole, with Node.js 20 or newer:',
    `     node ${VERIFIER_SCRIPT} ${CHAIN_FILE}`,
    `   or open ${VERIFIER_PAGE} in a browser and drop ${CHAIN_FILE} on it; it sends nothing anywhere.`,
    '   Ask the organization another way, such as on the telephone, for the id of the key its chain began with, and add',
    '   it: --key KEY_ID. Without it the chain proves to be whole, and not whose it is. A copy of the verifier from',
    '   elsewhere is worth more than the one in this folder.',
    '',
    '3. That this folder is as it was made: manifest.json names each file with its SHA-256, and is signed by the key that',
    '   signs the chain. How to check that signature by hand stands in the documentation ("auditor bundle").',
    '',
    '4. With Causeway itself, all of it at once, and every figure of a report computed again from the chain:',
    '     causeway bundle verify FOLDER',
    '     causeway bundle reperform FOLDER REPORT',
    '',
    'FILES',
    '',
    ...files.map(({ file, what }) => `  ${file}\n      ${what}`),
    '  manifest.json\n      Each file above with its SHA-256, and the signature over all of it.',
    '',
    'WHAT IS SEALED',
    '',
    `${DISCLOSED[disclosed]}`,
    '',
    'WHAT YOU SAY ABOUT IT',
    '',
    'Open the folder in Causeway and mark reports, exceptions and samples as accepted, flagged, or with a question. Your',
    'notes are saved to one file, signed by a key of your own device, that you send back.',
    '',
  ];
  return `${lines.join('\n')}\n`.replaceAll(/\n{3,}/g, '\n\n');
}

/** As `sha256sum -c` reads it. */
export function writeSums(files: readonly Pick<BundleEntry, 'file' | 'digest'>[]): string {
  return files.map(({ file, digest }) => `${digest}  ${file}\n`).join('');
}
