import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createCipher } from '#main/platform/cipher.ts';
import { CEDAR_POLICIES } from '#main/policy/cedar/policies.ts';
import { CEDAR_SCHEMA } from '#main/policy/cedar/schema.ts';
import { versionOf } from '#main/policy/cedar-set.ts';
import { loadPolicyEngine } from '#main/policy/engine.ts';
import { openPolicyStore } from '#main/policy/policy-store.ts';
import type { PolicyBook, PolicyBookOptions } from '#main/policy/policy-versions.ts';
import { protectionRequest } from '#main/policy/step-requests.ts';
import { PolicyPreview, PolicyView } from '#shared/ipc/protection-views.ts';
import { type PolicyScene, policyScene, readLogs, STRICTER, versionOfText } from './policy-scene.ts';

const own = await loadPolicyEngine();
const LOOSER = `${CEDAR_POLICIES}
@id("anybody-describes")
@reason("Every agent may describe resources.")
permit (principal, action in Action::"infrastructureInspection", resource);
`;
const policyChange = protectionRequest({
  by: { type: 'user', id: 'u-000000000002', human: 'u-000000000002' },
  kind: 'policy-change',
  changeDigest: 'a'.repeat(64),
  requester: 'u-000000000001',
  approvals: 1,
  alone: false,
});

let scene: PolicyScene;
let book: PolicyBook | null = null;
beforeEach(async () => {
  scene = await policyScene();
});
afterEach(async () => {
  shut();
  await scene.remove();
});

function shut(): void {
  book?.close();
  book = null;
}

/** Closes the book that is open and opens it again, as a start of the program does. */
async function reopen(changes?: Partial<PolicyBookOptions>): Promise<PolicyBook> {
  shut();
  book = await scene.open(changes);
  return book;
}
async function adopt(text: string): Promise<void> {
  const { version } = await (book as PolicyBook).prepare(text);
  expect(version).toBe(versionOfText(text));
  await scene.approve(text);
  await book?.adopt(text, ['u-000000000001', 'u-000000000002']);
}
const answer = () => book?.engine().decide(readLogs);

describe('versions', () => {
  test('the first is the one of the product', async () => {
    await reopen();
    const view = PolicyView.parse(book?.current());
    expect(view).toMatchObject({ version: own.version, text: CEDAR_POLICIES });
    expect(view.versions).toEqual([
      { version: own.version, number: 1, since: '2026-03-01T12:00:00.000Z', approvedBy: [], inForce: true },
    ]);
    expect(view.rules.find(({ id }) => id === 'no-model')).toMatchObject({ effect: 'forbid' });
    expect(view.notice).toBeUndefined();
    expect(answer()).toEqual(own.decide(readLogs));
    expect(book?.engine().version).toBe(own.version);
    expect(book?.engine().approvalRule).toEqual(own.approvalRule);
  });

  test('a changed one is in force at once for whoever holds the engine, and after the next start', async () => {
    const engine = (await reopen()).engine();
    await adopt(STRICTER);
    expect(engine.decide(readLogs)).toMatchObject({ decision: 'deny', policies: ['no-logs'] });
    expect(engine.version).toBe(versionOfText(STRICTER));
    for (const round of ['now', 'after a start']) {
      expect([round, answer()?.policies]).toEqual([round, ['no-logs']]);
      const view = PolicyView.parse(book?.current());
      expect(view.versions).toMatchObject([
        {
          version: versionOfText(STRICTER),
          number: 2,
          since: '2026-03-01T12:00:01.000Z',
          approvedBy: ['u-000000000001', 'u-000000000002'],
          inForce: true,
        },
        { number: 1, inForce: false },
      ]);
      expect(book?.text(own.version)).toBe(CEDAR_POLICIES);
      expect(book?.text(versionOfText(STRICTER))).toBe(STRICTER);
      await reopen();
    }
  });

  test('one may go back to an earlier one', async () => {
    await reopen();
    await adopt(STRICTER);
    await adopt(CEDAR_POLICIES);
    expect(answer()?.decision).toBe('allow');
    await reopen();
    expect(answer()?.decision).toBe('allow');
    expect(book?.current().versions.map(({ number, inForce }) => [number, inForce])).toEqual([
      [2, false],
      [1, true],
    ]);
  });

  test('nothing is put in force whose approval is not on record', async () => {
    await reopen();
    const refused = { code: 'conflict', reason: 'not-on-record' };
    await expect(book?.adopt(STRICTER, ['u-000000000001'])).rejects.toMatchObject(refused);
    await scene.approve(STRICTER, 'failure');
    await scene.approve(STRICTER, 'success', 'key-rotation');
    await expect(book?.adopt(STRICTER, ['u-000000000001'])).rejects.toMatchObject(refused);
    await scene.approve(LOOSER);
    await expect(book?.adopt(STRICTER, ['u-000000000001'])).rejects.toMatchObject(refused);
    expect(answer()?.decision).toBe('allow');
  });

  test('nothing is put in force that breaks an invariant, even when it was approved', async () => {
    await reopen();
    const open = `${CEDAR_POLICIES}\n@id("all") @reason("All.") permit (principal, action, resource);`;
    await scene.approve(open);
    await expect(book?.adopt(open, ['u-000000000001'])).rejects.toMatchObject({ code: 'bad-input', reason: 'policy' });
    expect(answer()?.decision).toBe('allow');
    await reopen(); // the chain names it, and there is no such text
    expect(answer()).toMatchObject({ decision: 'deny', policyVersion: versionOfText(open) });
  });

  test('a program that ends between the record and the change takes the text it was shown', async () => {
    await reopen();
    await book?.prepare(STRICTER);
    await scene.approve(STRICTER);
    await reopen();
    expect(answer()?.policies).toEqual(['no-logs']);
    expect(book?.current().versions[0]).toMatchObject({
      number: 2,
      approvedBy: ['u-000000000002', 'u-000000000001'],
      inForce: true,
    });
  });

  test('an unknown one is not found', async () => {
    await reopen();
    expect(() => book?.text('a'.repeat(64))).toThrow(expect.objectContaining({ code: 'not-found' }));
  });
});

describe('an edited database', () => {
  beforeEach(async () => {
    await reopen();
    await adopt(LOOSER);
    await adopt(STRICTER);
    shut();
  });

  const denied = (word: string) => {
    expect(answer()).toMatchObject({ decision: 'deny', policies: [], policyVersion: versionOfText(STRICTER) });
    expect(answer()?.reason).toContain(word);
    expect(book?.engine().decide(policyChange).decision).toBe('deny');
    expect(book?.engine().approvalRule.text).toBe('Nothing may be approved.');
    expect(PolicyView.parse(book?.current()).notice).toContain('everything is denied');
  };

  /** @securityTest A policy text changed in the database is not in force: everything is denied, with the reason */
  test.each([
    ['another one, readable', 'sealed = NULL, policies = ?', CEDAR_POLICIES],
    ['that of another version', 'sealed = (SELECT sealed FROM policy_version WHERE number = 2)'],
    ['nothing', 'sealed = NULL'],
  ])('the text of the version in force changed: %s', async (_title, change, ...values) => {
    scene.edit(`UPDATE policy_version SET ${change} WHERE number = 3`, ...values);
    scene.edit('DELETE FROM candidate');
    await reopen();
    denied('changed in the database');
    expect(() => book?.text(versionOfText(STRICTER))).toThrow(
      expect.objectContaining({ code: 'audit-broken', reason: 'policy-changed' }),
    );
  });

  test('the version in force deleted, or the whole file', async () => {
    scene.edit('DELETE FROM policy_version WHERE number = 3');
    scene.edit('DELETE FROM candidate');
    await reopen();
    denied('not there any more');
    shut();
    for (const end of ['', '-wal', '-shm']) rmSync(join(scene.folder, `policies.db${end}`), { force: true });
    await reopen();
    denied('not there any more');
    // Only the very text is taken back.
    await expect(book?.restore(LOOSER)).rejects.toMatchObject({ code: 'bad-input' });
    await book?.restore(STRICTER);
    expect(answer()?.policies).toEqual(['no-logs']);
    await reopen();
    expect(answer()?.policies).toEqual(['no-logs']);
    expect(book?.current().versions[0]?.approvedBy).toEqual(['u-000000000002', 'u-000000000001']);
  });

  test('another version marked as newer changes nothing', async () => {
    scene.edit('UPDATE policy_version SET number = 9, since = 9000000000000 WHERE version = ?', versionOfText(LOOSER));
    await reopen();
    expect(answer()?.policies).toEqual(['no-logs']);
  });

  /** @securityTest Hiding the newest policy change in the audit database puts no older policy back in force */
  test('the newest change hidden in the trail', async () => {
    const seq = scene.store.head().seq;
    const trail = new BetterSqlite3(scene.path);
    const triggers = trail.prepare("SELECT name FROM sqlite_schema WHERE type = 'trigger'").pluck().all();
    for (const name of triggers) trail.exec(`DROP TRIGGER "${name}"`);
    trail.prepare("UPDATE trail SET action = 'tenant.user_removed' WHERE seq = ?").run(seq);
    trail.close();
    await reopen();
    expect(answer()?.policies).toEqual(['no-logs']);
    expect(scene.warnings).toEqual(['The audit trail names older policies than were in force']);
  });

  test('a chain that cannot be read denies everything', async () => {
    await reopen({
      versionOnRecord: () => {
        throw new Error('disk');
      },
    });
    denied('cannot be read from the audit trail');
  });

  test('a chain that names another version at the same place denies everything', async () => {
    const at = '2026-03-01T12:00:01.000Z';
    const seq = scene.store.head().seq;
    await reopen({ versionOnRecord: () => ({ version: versionOfText(LOOSER), seq, at, approvedBy: [] }) });
    denied('name different policies');
  });

  test('a damaged keychain entry opens nothing', async () => {
    await scene.secrets.set('tenant.acme.policy-anchor', Buffer.from('{}'));
    await expect(scene.open()).rejects.toMatchObject({ code: 'keychain-unavailable', reason: 'anchor-damaged' });
  });
});

describe('after an update of the product', () => {
  const OLD_SCHEMA = `${CEDAR_SCHEMA}\n// of an earlier version`;
  const put = (policies: string, approvedBy = '["u-000000000001"]') => {
    const version = versionOf({ policies, schema: OLD_SCHEMA });
    const sql = 'INSERT INTO policy_version (version, policies, schema, since, approved_by) VALUES (?, ?, ?, ?, ?)';
    scene.edit(sql, version, policies, OLD_SCHEMA, Date.parse('2026-01-01T00:00:00.000Z'), approvedBy);
    return { version, seq: 2, at: '2026-01-01T00:00:00.000Z', approvedBy: ['u-000000000001'] };
  };

  test('a changed policy that still fits stays in force, and the view says there are newer ones', async () => {
    await reopen();
    const onRecord = put(STRICTER);
    await reopen({ versionOnRecord: () => onRecord });
    expect(answer()?.policies).toEqual(['no-logs']);
    expect(PolicyView.parse(book?.current())).toMatchObject({
      version: onRecord.version,
      notice: expect.stringContaining('newer policies of its own'),
    });
  });

  test('one that does not fit any more denies everything but a change of the policies', async () => {
    await reopen();
    const onRecord = put('@id("old") @reason("Old.") permit (principal == Robot::"x", action, resource);');
    await reopen({ versionOnRecord: () => onRecord });
    expect(answer()).toMatchObject({ decision: 'deny', policies: [] });
    expect(answer()?.reason).toContain('do not fit this version');
    expect(book?.engine().decide(policyChange)).toMatchObject({ decision: 'allow', policyVersion: own.version });
    const rotation = { ...policyChange, resource: { type: 'Protection', id: 'key-rotation' } };
    expect(book?.engine().decide(rotation).decision).toBe('deny');
  });
});

describe('what a change would mean', () => {
  test('what is wrong with it, and the difference', async () => {
    await reopen();
    const preview = PolicyPreview.parse(await book?.preview(`${CEDAR_POLICIES}permit (principal`));
    expect(preview.version).toBeNull();
    expect(preview.problems).toEqual([expect.stringContaining('Line')]);
    expect(preview.difference.filter(({ kind }) => kind !== 'same')).toEqual([
      { kind: 'removed', text: '' },
      { kind: 'added', text: 'permit (principal' },
    ]);
    expect((await book?.preview(STRICTER))?.difference.filter(({ kind }) => kind === 'added')).toHaveLength(4);
  });

  test('too few people for a number of approvals', async () => {
    const text = `${CEDAR_POLICIES}\n@id("five") @reason("Five.") forbid (principal, action == Action::"executeRemediation", resource) unless { context.approvals >= 4 };`;
    await reopen();
    expect((await book?.preview(text))?.problems[0]).toContain('need more than 4 people');
    await reopen({ eligible: () => 5 });
    expect((await book?.preview(text))?.problems).toEqual([]);
  });

  test('only the candidates of late are kept', () => {
    const store = openPolicyStore(scene.folder).unlock(createCipher(new Uint8Array(32), 'acme'));
    const version = (index: number) => index.toString(16).padStart(64, '0');
    for (let index = 0; index < 52; index++) {
      store.putCandidate({ version: version(index), policies: `// ${index}`, schema: '' }, index);
    }
    expect(store.text(version(1))).toBeNull();
    expect(store.text(version(2))?.policies).toBe('// 2');
    store.close();
  });
});

describe('what rests on disk', () => {
  const MARKER = 'arn:aws:ecs:eu-central-1:111122223333:service/made-up';
  const marked = `${STRICTER}\n// ${MARKER}\n`;
  const onDisk = () =>
    readdirSync(scene.folder)
      .filter((name) => name.startsWith('policies.db'))
      .map((name) => readFileSync(join(scene.folder, name), 'latin1'))
      .join('');

  /** @securityTest The policies of a workspace rest encrypted, and a preview leaves nothing behind */
  test('no text is readable, and what was only tried is not there at all', async () => {
    await reopen();
    await book?.preview(marked);
    await scene.approve(marked);
    await reopen(); // the chain names it, and its text was never kept
    expect(answer()).toMatchObject({ decision: 'deny', policyVersion: versionOfText(marked) });
    await book?.restore(marked);
    await book?.prepare(`${marked}// again`);
    expect(answer()?.policies).toEqual(['no-logs']);
    expect(onDisk()).not.toContain('made-up');
    expect(onDisk()).not.toContain('no-logs');
  });

  test('texts an earlier version kept readable are encrypted at the next start', async () => {
    await reopen();
    await adopt(marked);
    const candidate = `${STRICTER}\n// made-up candidate`;
    shut();
    scene.edit('UPDATE policy_version SET sealed = NULL, policies = ? WHERE number = 2', marked);
    scene.edit(
      'INSERT INTO candidate (version, policies, schema, seen) VALUES (?, ?, ?, 1)',
      versionOfText(candidate),
      candidate,
      CEDAR_SCHEMA,
    );
    expect(onDisk()).toContain('made-up');
    await reopen();
    expect(onDisk()).not.toContain('made-up');
    expect(book?.text(versionOfText(marked))).toBe(marked);
    expect(book?.text(versionOfText(candidate))).toBe(candidate);
    expect(answer()?.policies).toEqual(['no-logs']);
  });

  /** @securityTest A key that was in use and is gone is said to be lost; no new one takes its place */
  test('a key that was lost, or made anew for something else, is said to be lost', async () => {
    await reopen();
    shut();
    const lost = { code: 'keychain-unavailable', reason: 'key-lost' };
    await scene.secrets.delete('tenant.acme.requests');
    await expect(scene.open()).rejects.toMatchObject(lost);
    expect(await scene.secrets.get('tenant.acme.requests')).toBeNull();
    await scene.secrets.set('tenant.acme.requests', Buffer.alloc(32, 7));
    await expect(scene.open()).rejects.toMatchObject(lost);
  });
});
