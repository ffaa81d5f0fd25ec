import type { AccessState, OwnPerson } from '#shared/ipc/access-views.ts';
import type { Channel } from '#shared/ipc/contract.ts';
import type { AppInfo, ChainStatus } from '#shared/ipc/views.ts';
import { PERMISSIONS } from '#shared/model/access.ts';
import type { Verdict } from '#shared/model/verdict.ts';
import { type Answer, Refusal } from './window-driver.ts';

export const WORKSPACE = { tenant: 'demo', title: 'Demonstration workspace' };
export const PERSON: OwnPerson = {
  id: 'u-0123456789ab',
  name: 'Demo Owner',
  email: 'owner@example.org',
  role: 'owner',
  secondFactor: false,
  recoveryCodesLeft: 0,
};

const BASE: AccessState = {
  stage: 'first-run',
  workspaces: [],
  workspace: null,
  needsOwner: false,
  person: null,
  permissions: [],
  idleLockMs: 600_000,
  keychain: { description: 'the system keychain', durable: true },
};

export const FIRST_RUN = BASE;
export const SIGN_IN: AccessState = { ...BASE, stage: 'sign-in', workspaces: [WORKSPACE], workspace: WORKSPACE };
export const CHOOSE: AccessState = {
  ...BASE,
  stage: 'choose',
  workspaces: [WORKSPACE, { tenant: 'second', title: 'Second workspace' }],
};
export const OPEN: AccessState = { ...SIGN_IN, stage: 'open', person: PERSON, permissions: [...PERMISSIONS] };
export const LOCKED: AccessState = { ...SIGN_IN, stage: 'locked', person: PERSON };

export const CODES = Array.from({ length: 10 }, (_, index) => `demo-code-${String(index).padStart(4, '0')}`);
export const INCIDENT_TITLE = 'Checkout is slow in the demonstration';

const at = '2026-11-20T10:00:00.000Z';
const digest = 'ab'.repeat(32);

export const CHAIN_STATUS: ChainStatus = { records: 12, head: digest, keyId: 'k-1', checkpoint: null, verified: null };
export const SETUP = {
  uri: 'otpauth://totp/Causeway:owner%40example.org?secret=JBSWY3DPEHPK3PXP&issuer=Causeway',
  secret: 'JBSWY3DPEHPK3PXP',
};
export const VERDICT: Verdict = {
  verdict: 'valid',
  file: 'demo.chain.jsonl',
  chain: '0f8fad5b-d9cb-469f-a165-70867728950e',
  tenant: 'demo',
  selection: 'all',
  records: 12,
  first: 1,
  last: 12,
  head: digest,
  root: digest,
  keys: [{ id: 'k-1', alg: 'Ed25519', fromSeq: 1, records: 12 }],
  witnesses: [],
  sealed: { disclosed: 1, withheld: 0, erased: 0, mismatched: 0 },
  problems: [],
  problemCount: 0,
  notProven: ['That nothing was left out after the last record.'],
  elapsedMs: 12,
};

export const APP_INFO: AppInfo = {
  name: 'Causeway',
  version: '0.1.0',
  tenant: 'demo',
  chain: '0f8fad5b-d9cb-469f-a165-70867728950e',
  user: { id: PERSON.id, name: PERSON.name },
  device: { id: 'd-1', name: 'demo-device' },
  keychain: BASE.keychain,
  environments: [],
  policyVersion: digest,
  synthetic: false,
};

/** What a console with one incident answers; screens that are not opened are not asked about. */
const CONSOLE: Partial<Record<Channel, unknown>> = {
  'app.info': APP_INFO,
  'incidents.list': [
    {
      id: 'inc-0001',
      title: INCIDENT_TITLE,
      severity: 'critical',
      status: 'open',
      source: { kind: 'eventbridge', alarmName: 'checkout-p95', payloadDigest: digest, account: null, region: null },
      environment: 'sandbox',
      signal: { service: 'checkout', metric: 'latency', kind: 'latency' },
      startedAt: at,
      openedAt: at,
      investigation: null,
    },
  ],
  'approvals.pending': [],
  'approvals.reviews': [],
  'protections.pending': [],
  'chain.status': CHAIN_STATUS,
  'verification.standing': { state: 'whole', breaks: [] },
  'verification.coverage': {
    records: 12,
    valid: 12,
    invalid: 0,
    ranges: [],
    oldest: null,
    running: false,
    problems: [],
    problemCount: 0,
  },
  'access.stayAwake': {},
};

export interface Main {
  readonly answer: Answer;
  state: AccessState;
  /** Every call there was, oldest first. */
  readonly calls: { readonly channel: Channel; readonly input: unknown }[];
  readonly inputs: (channel: Channel) => readonly unknown[];
}

/** A main process that is in a state and answers as it is told, or as a console with one incident would. */
export function pretendMain(
  first: AccessState,
  more: Partial<Record<Channel, (input: unknown) => unknown>> = {},
): Main {
  const main: Main = {
    state: first,
    calls: [],
    inputs: (channel) => main.calls.filter((made) => made.channel === channel).map(({ input }) => input),
    answer: (channel, input) => {
      main.calls.push({ channel, input });
      const own = more[channel];
      if (own !== undefined) return own(input);
      if (channel === 'access.state') return main.state;
      if (main.state.stage !== 'open') throw new Refusal('sign-in-required', 'Nobody is signed in.');
      const known = CONSOLE[channel];
      if (known === undefined) throw new Refusal('not-found', `Nothing is known of ${channel}.`);
      return known;
    },
  };
  return main;
}
