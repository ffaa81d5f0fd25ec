import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { PROJECT_ROOT } from '../support/project-root.ts';
import { readSources, resolveImport, type SourceFile } from '../support/source-files.ts';

/** Which room may use which, from the top of the house to its foundation. A room may always use itself. */
const FOUNDATION = ['platform', 'shared'];
const COMMON = ['audit', 'policy', ...FOUNDATION];
const FEATURES = [
  'audit',
  'policy',
  'identity',
  'approvals',
  'credentials',
  'investigation',
  'ingest',
  'privacy',
  'notify',
  'github',
  'compliance',
];
const MAY_USE: Readonly<Record<string, readonly string[]>> = {
  shared: [],
  platform: ['shared'],
  audit: FOUNDATION,
  policy: ['audit', ...FOUNDATION],
  identity: COMMON,
  privacy: COMMON,
  notify: COMMON,
  github: COMMON,
  compliance: COMMON,
  approvals: [...COMMON, 'identity'],
  credentials: [...COMMON, 'identity', 'approvals'],
  investigation: [...COMMON, 'identity', 'approvals', 'credentials', 'privacy'],
  ingest: [...COMMON, 'investigation'],
  sandbox: FOUNDATION,
  console: [...FEATURES, ...FOUNDATION, 'sandbox'],
  shell: ['console', ...FEATURES, ...FOUNDATION],
  cli: ['console', ...FEATURES, ...FOUNDATION, 'sandbox'],
  preload: ['shared'],
  renderer: ['shared'],
};

/** The room a file stands in, e.g. `src-main/audit/store.ts` stands in `audit`. */
function roomOf(file: string): string {
  if (file.startsWith('src-shared/')) return 'shared';
  if (file.startsWith('src-renderer/')) return 'renderer';
  const part = file.split('/')[1] ?? '';
  return part.replace(/\.ts$/, '');
}

const sources = readSources('src-main', 'src-shared', 'src-renderer');
const edges = sources.flatMap((source) =>
  source.imports.map((specifier) => ({ source, to: resolveImport(source.file, specifier) })),
);
const externals = edges.flatMap(({ source, to }) =>
  'external' in to ? [{ file: source.file, name: to.external }] : [],
);
const filesMatching = (pattern: RegExp) =>
  sources.filter((source: SourceFile) => pattern.test(source.text)).map((source) => source.file);

describe('the house', () => {
  test('has at its top what was agreed, and what every project has', () => {
    const rooms = readdirSync(PROJECT_ROOT, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
      .map(({ name }) => name);
    const made = ['node_modules', 'out', 'test-results', 'playwright-report'];
    const agreed = ['docs', 'resources', 'src-main', 'src-renderer', 'src-shared', 'test'];
    expect(rooms.filter((name) => !made.includes(name)).sort()).toEqual(agreed);
  });

  test('every room is known', () => {
    expect([...new Set(sources.map((source) => roomOf(source.file)))].filter((room) => !(room in MAY_USE))).toEqual([]);
  });

  test('every import leads to a file that is there', () => {
    const known = new Set(sources.map((source) => source.file));
    const lost = edges.flatMap(({ source, to }) =>
      'file' in to && /\.tsx?$/.test(to.file) && !known.has(to.file) ? [`${source.file} → ${to.file}`] : [],
    );
    expect(lost).toEqual([]);
  });

  test('imports go down only', () => {
    const wrong = edges.flatMap(({ source, to }) => {
      if (!('file' in to) || !/\.tsx?$/.test(to.file)) return [];
      const [from, target] = [roomOf(source.file), roomOf(to.file)];
      return from === target || MAY_USE[from]?.includes(target) ? [] : [`${source.file} → ${to.file}`];
    });
    expect(wrong).toEqual([]);
  });

  test('shared code and the window run anywhere: no node:, no electron', () => {
    const wrong = externals.filter(
      ({ file, name }) => /^src-(shared|renderer)\//.test(file) && (name.startsWith('node:') || name === 'electron'),
    );
    expect(wrong).toEqual([]);
  });

  test('the analysis is pure: it imports nothing that touches disk, network, clock or chance', () => {
    const analysis = externals.filter(({ file }) => file.startsWith('src-main/investigation/analysis/'));
    expect(analysis).toEqual([]);
    const impure = filesMatching(/\b(Date\.now|Math\.random|new Date\(\)|performance\.now|setTimeout)\b/);
    expect(impure.filter((file) => file.startsWith('src-main/investigation/analysis/'))).toEqual([]);
  });
});

describe('one door each', () => {
  const importers = (name: RegExp) => [
    ...new Set(externals.filter((edge) => name.test(edge.name)).map((edge) => edge.file)),
  ];

  test('only shell and preload import electron', () => {
    expect(importers(/^electron(\/|$)/).filter((file) => !/^src-main\/(shell|preload)\//.test(file))).toEqual([]);
  });

  test('only platform/sqlite opens databases', () => {
    expect(
      importers(/^(better-sqlite3|node:sqlite)$/).filter((file) => !file.startsWith('src-main/platform/sqlite')),
    ).toEqual([]);
  });

  test('only credentials/keychain touches the keychain', () => {
    expect(importers(/^(keytar|@napi-rs\/keyring)$/)).toEqual(['src-main/credentials/keychain.ts']);
  });

  test('only platform/aws-clients builds AWS clients', () => {
    const builders = filesMatching(/new (STS|IAM|ECS|EC2|KMS|CloudWatch|CloudWatchLogs)Client\(/);
    expect(builders.filter((file) => !file.startsWith('src-main/platform/aws'))).toEqual([]);
  });

  test('only one file opens links', () => {
    expect(filesMatching(/\bopenExternal\s*\(/)).toEqual(['src-main/shell/external-links.ts']);
  });
});
