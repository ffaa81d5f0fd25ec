import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '#main/audit/canonical.ts';
import { ocsfFindings } from '#main/compliance/machine/ocsf-findings.ts';
import { sampleFound, sampleInput } from '../../../support/machine-sample.ts';
import { PROJECT_ROOT } from '../../../support/project-root.ts';

interface Finding {
  readonly [member: string]: unknown;
  readonly message: string;
  readonly metadata: { readonly uid: string };
  readonly compliance: { readonly status_id: number; readonly status_code: string };
  readonly evidences: readonly { readonly name: string; readonly data: unknown }[];
  readonly attestation_list: readonly [
    { readonly fingerprint: { readonly value: string }; readonly prev_event?: { readonly uid: string } },
  ];
}

const SCHEMA = path.join(PROJECT_ROOT, 'test/fixtures/ocsf/compliance-finding-1.9.schema.json');
const validate = new Ajv({ allErrors: true }).compile(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object);

const input = sampleInput([
  { found: sampleFound('AC-01', 'in-place') },
  {
    found: sampleFound('AC-02', 'partial', {
      reasons: ['Line one\nline two \ud800'],
      exceptions: [
        {
          id: 'AC-02:late:7',
          control: 'AC-02',
          kind: 'late',
          text: 'Too late.',
          seq: 7,
          time: '2026-01-20T00:00:00.000Z',
          state: 'fixed',
          fixedBy: 9,
        },
      ],
    }),
  },
  { found: sampleFound('AC-03', 'gap', { last: null, population: { count: 0, root: null, seqs: '' } }) },
  { found: sampleFound('AC-04', 'not-applicable') },
]);
const lines = ocsfFindings(input);
const findings = lines.map((line) => JSON.parse(line) as Finding);

describe('OCSF compliance findings', () => {
  it('are of class 2003 and fit its schema, one line each', () => {
    expect(findings).toHaveLength(4);
    for (const [at, finding] of findings.entries()) {
      validate(finding);
      expect(validate.errors ?? []).toEqual([]);
      expect(lines[at]).not.toContain('\n');
      expect(lines[at]?.isWellFormed()).toBe(true);
    }
    expect(validate({ ...findings[0], type_uid: 200_401 })).toBe(false);
    expect(validate({ ...findings[0], compliance: undefined, invented: 1 })).toBe(false);
  });

  it('are labelled where the chain is made up, and only there', () => {
    const madeUp = { ...input, evaluation: { ...input.evaluation, collected: { origin: { synthetic: true } } } };
    for (const line of ocsfFindings(madeUp)) {
      const finding = JSON.parse(line) as Finding;
      validate(finding);
      expect(validate.errors ?? []).toEqual([]);
      expect(finding.metadata).toMatchObject({ labels: ['synthetic'] });
    }
    for (const { metadata } of findings) expect(metadata).not.toHaveProperty('labels');
  });

  it('pass only what is in place', () => {
    const told = findings.map(({ compliance }) => [compliance.status_code, compliance.status_id]);
    expect(told).toEqual([
      ['in-place', 1],
      ['partial', 3],
      ['gap', 3],
      ['not-applicable', 99],
    ]);
  });

  it('carry each exception, also one already put right', () => {
    const [, partial] = findings;
    expect(partial?.evidences.map(({ name }) => name)).toEqual(['population', 'exception']);
    expect(partial?.evidences[1]?.data).toMatchObject({ seq: 7, state: 'fixed', fixedBy: 9 });
  });

  it('attest to themselves and to the one before', () => {
    for (const [at, finding] of findings.entries()) {
      const [{ fingerprint, ...rest }] = finding.attestation_list;
      const covered = canonicalText({ ...finding, attestation_list: [rest] }, { integersOnly: false });
      expect(createHash('sha256').update(covered).digest('hex')).toBe(fingerprint.value);
      expect(rest.prev_event?.uid).toBe(findings[at - 1]?.metadata.uid);
    }
    const [first] = findings;
    const changed = canonicalText({ ...first, message: 'AC-01: other' }, { integersOnly: false });
    expect(createHash('sha256').update(changed).digest('hex')).not.toBe(first?.attestation_list[0].fingerprint.value);
  });
});
