import { describe, expect, it } from 'vitest';
import type { AuditData } from '#shared/model/audit-data.ts';
import { changed, D, DAY, fold, HOUR, SEALED, type Told, told, user } from '../../../support/control-chain.ts';

const KEY = { id: 'd94877a4d180534c', alg: 'Ed25519' as const, spki: 'MCowBQYDK2VwAyEA', fromSeq: 1 };
const selfAttack = (held: boolean): Told =>
  told(
    'tenant.control_updated',
    {
      framework: 'console',
      control: 'audit-store-append-only',
      oldStatus: null,
      newStatus: held ? 'in-place' : 'gap',
      owner: null,
      evidence: [D('a')],
    },
    { outcome: held ? 'success' : 'failure' },
  );
const agreement = (change: string, more: Partial<Told> = {}): Told =>
  told(
    'tenant.protection_change_approved',
    { change, changeDigest: D('b'), justification: SEALED },
    { actor: user('u-1'), ...more },
  );

describe('append-only audit chain (AU-01)', () => {
  it('operates when the self-attack is refused, and when its self-check holds', () => {
    const holds = changed('register', {
      kind: 'self-check',
      results: [{ control: 'AU-01', result: 'holds', detail: 'refused', digest: D('c') }],
    });
    expect(fold('AU-01', [selfAttack(true), holds])).toMatchObject({ occurrences: [1, 2], exceptions: [] });
  });

  it('is not seen operating by what somebody else says of it', () => {
    const results = [{ control: 'AU-01', result: 'holds' as const, detail: 'refused', digest: D('c') }];
    for (const actor of [
      user('u-1'),
      { type: 'api_key' as const, id: 'key-1' },
      { type: 'system' as const, id: 'x' },
    ]) {
      const holds = changed('register', { kind: 'self-check', results }, { actor });
      expect(fold('AU-01', [holds, { ...selfAttack(true), actor }]).occurrences).toEqual([]);
    }
  });

  it('deviates when one gets through, until the next is refused', () => {
    expect(fold('AU-01', [selfAttack(false), selfAttack(false)]).exceptions).toEqual(['attack-got-through:1']);
    expect(fold('AU-01', [selfAttack(false), selfAttack(true)]).exceptions).toEqual([
      'attack-got-through:1 fixed by 2',
    ]);
  });
});

describe('signing key custody and rotation (AU-02)', () => {
  const created = told('tenant.created', { keys: [KEY], generator: { name: 'causeway', version: '1' } });
  const rotated = (purpose: 'signing' | 'data-encryption' = 'signing') =>
    told('credential.key_rotated', {
      purpose,
      oldKey: KEY.id,
      reason: 'schedule',
      ...(purpose === 'signing' ? { newKey: { ...KEY, id: 'e94877a4d180534c', fromSeq: 9 } } : {}),
    });

  it('operates when the chain begins and when the key is rotated with its approval', () => {
    expect(fold('AU-02', [created, agreement('signing-key-rotation'), rotated()])).toMatchObject({
      occurrences: [1, 3],
      exceptions: [],
    });
  });

  it('deviates without the approval right before it, and leaves other keys alone', () => {
    expect(fold('AU-02', [created, rotated()]).exceptions).toEqual(['not-approved:2']);
    expect(fold('AU-02', [agreement('signing-key-rotation'), created, rotated()]).exceptions).toEqual([
      'not-approved:3',
    ]);
    expect(fold('AU-02', [created, rotated('data-encryption')])).toMatchObject({ occurrences: [1], exceptions: [] });
  });
});

describe('continuous verification (AU-03)', () => {
  const verified = (verdict: AuditData<'tenant.audit_verified'>['verdict'], subject: 'store' | 'file' = 'store') =>
    told('tenant.audit_verified', {
      subject,
      fileDigest: subject === 'file' ? D('d') : null,
      range: { first: 1, last: 9 },
      verdict,
      problems: verdict === 'valid' ? 0 : 2,
      elapsedMs: 3,
    });

  it('operates with each verification of the store, whatever it found', () => {
    const { occurrences, exceptions } = fold('AU-03', [
      verified('valid'),
      verified('invalid'),
      verified('invalid', 'file'),
    ]);
    expect(occurrences).toEqual([1, 2]);
    expect(exceptions).toEqual(['not-valid:2']);
  });

  it('is put right by a valid one, or by acknowledging the break', () => {
    expect(fold('AU-03', [verified('invalid'), verified('unreadable'), verified('valid')]).exceptions).toEqual([
      'not-valid:1 fixed by 3',
      'not-valid:2 fixed by 3',
    ]);
    expect(fold('AU-03', [verified('invalid'), agreement('break-acknowledgement')]).exceptions).toEqual([
      'not-valid:1 fixed by 2',
    ]);
    expect(fold('AU-03', [verified('invalid'), agreement('policy-change')]).exceptions).toEqual(['not-valid:1']);
  });
});

describe('checkpoints and witnesses outside (AU-04)', () => {
  const setting = (name: string, old: string | null, next: string | null) =>
    told('tenant.configuration_changed', { setting: name, old, new: next });

  it('operates when a folder is given checkpoints and when a witness is seen', () => {
    const { occurrences, exceptions } = fold('AU-04', [
      setting('witness-folder', null, D('1')),
      setting('witness.trusted-key', null, 'witness+1'),
      setting('witness.seen', null, '9 root key'),
      setting('theme', null, 'dark'),
    ]);
    expect(occurrences).toEqual([1, 2, 3]);
    expect(exceptions).toEqual([]);
  });

  it('deviates when the last folder is taken away, until there is one again', () => {
    const two = [setting('witness-folder', null, D('1')), setting('witness-folder', null, D('2'))];
    const away = [setting('witness-folder', D('1'), null), setting('witness-folder', D('2'), null)];
    expect(fold('AU-04', [...two, ...away.slice(0, 1)]).exceptions).toEqual([]);
    expect(fold('AU-04', [...two, ...away]).exceptions).toEqual(['none-left:4']);
    expect(fold('AU-04', [...two, ...away, setting('witness-folder', null, D('3'))]).exceptions).toEqual([
      'none-left:4 fixed by 5',
    ]);
  });
});

describe('exports with a digest (AU-05)', () => {
  const exported = (digest: string | null, after: number, outcome: 'success' | 'failure' = 'success') =>
    told(
      'tenant.audit_exported',
      {
        format: 'chain',
        range: { first: 1, last: 9 },
        records: 9,
        disclosures: 0,
        checkpointSize: 9,
        ...(digest === null ? {} : { digest }),
      },
      { after, outcome },
    );
  const report = told(
    'tenant.report_generated',
    {
      framework: 'soc2',
      from: '2026-01-01T00:00:00.000Z',
      to: '2026-02-01T00:00:00.000Z',
      format: 'html',
      digest: D('5'),
    },
    { after: 0 },
  );

  it('operates when the digest of what left is on record', () => {
    expect(fold('AU-05', [report, exported(null, 1), exported(D('6'), 2)], DAY)).toMatchObject({
      occurrences: [1, 3],
      exceptions: [],
    });
  });

  it('deviates when no digest follows within an hour', () => {
    expect(fold('AU-05', [exported(null, 0)], HOUR).exceptions).toEqual([]);
    expect(fold('AU-05', [exported(null, 0)], HOUR + 1).exceptions).toEqual(['no-digest:1']);
    expect(fold('AU-05', [exported(null, 0), exported(D('6'), 2 * HOUR)], DAY).exceptions).toEqual([
      'no-digest:1 fixed by 2',
    ]);
    expect(fold('AU-05', [exported(null, 0), exported(null, 1, 'failure')], DAY).exceptions).toEqual([]);
  });
});
