import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { createDecisionFiles, type DecisionFiles } from '#main/approvals/by-file/decision-files.ts';
import { readDeviceFile } from '#main/approvals/by-file/device-file.ts';
import type { VerifiedAnswer } from '#main/approvals/decision.ts';
import type { Proposal } from '#main/approvals/proposal-book.ts';
import { openRequestStore, type RequestStore } from '#main/approvals/protections/request-store.ts';
import { canonicalBytes } from '#main/audit/canonical.ts';
import { keyIdOf } from '#main/audit/keys.ts';
import { seal } from '#main/audit/seal.ts';
import type { AuditStore } from '#main/audit/store.ts';
import type { DeviceKey } from '#main/identity/device-key.ts';
import type { Principal } from '#main/identity/principal.ts';
import { canonicalDigest } from '#main/platform/digest.ts';
import { systemRandom } from '#main/platform/random.ts';
import { CausewayError } from '#shared/errors.ts';
import type { DeviceView } from '#shared/ipc/access-views.ts';
import type { Reauthentication } from '#shared/model/access.ts';
import type { Remediation } from '#shared/model/investigation.ts';
import { type HandClock, openTestStore, removeFolder } from '../../../support/audit-store.ts';
import { MemorySecrets } from '../../../support/memory-secrets.ts';
import { sampleRemediation } from '../../../support/sample-remediation.ts';

export const PASSWORD: Reauthentication = { method: 'password', password: 'right' };
export const WRONG: Reauthentication = { method: 'password', password: 'wrong' };
export const WHY = 'The revision before worked for weeks.';
export const MINUTE = 60_000;

export function principal(id: string, device: string): Principal {
  return {
    type: 'user',
    id,
    human: id,
    name: `Person ${id}`,
    role: 'operator',
    tenant: 'acme',
    session: 's-1',
    device: { id: device, name: `Device ${device}` },
  };
}

export interface TestConsole {
  readonly store: AuditStore;
  readonly secrets: MemorySecrets;
  readonly clock: HandClock;
  readonly folder: string;
  readonly requests: RequestStore;
  readonly files: DecisionFiles;
  readonly me: Principal;
  /** Registered devices by key id. */
  readonly devices: Map<string, { readonly device: DeviceView; readonly spki: Uint8Array }>;
  close(): Promise<void>;
}

/** A console over a real trail, with one person, who knows the password. */
export async function openConsole(id: string, device: string, before?: TestConsole): Promise<TestConsole> {
  const secrets = before?.secrets ?? new MemorySecrets();
  const { store, clock, folder } = await openTestStore(before?.folder, secrets, before?.clock);
  const requests = await openRequestStore({ folder, tenant: 'acme', secrets });
  const devices = before?.devices ?? new Map<string, { device: DeviceView; spki: Uint8Array }>();
  const files = createDecisionFiles({
    tenant: 'acme',
    audit: store,
    store: requests,
    secrets,
    clock,
    random: systemRandom,
    device: { id: device, name: `Device ${device}` },
    registered: (keyId) => devices.get(keyId) ?? null,
    people: {
      nameOf: (one) => `Person ${one}`,
      reauthenticate: async (_by, proof) => {
        if (proof.method === 'password' && proof.password === 'right') return 'password';
        throw new CausewayError('reauthentication-required', 'The password is wrong.');
      },
    },
  });
  const close = async () => {
    requests.close();
    await store.close();
  };
  return { store, secrets, clock, folder, requests, files, me: principal(id, device), devices, close };
}

export async function closeAndRemove(one: TestConsole): Promise<void> {
  await one.close().catch(() => undefined);
  removeFolder(one.folder);
}

/** A console registers the device of a person of its workspace, from the file the person's own console made. */
export async function register(at: TestConsole, person: string, of: TestConsole): Promise<string> {
  const { keyId, spki, label } = readDeviceFile(await of.files.exportDevice(of.me));
  const registeredAt = new Date(at.clock.now()).toISOString();
  const device = { id: `dev-${keyId}`, keyId, person, label, registeredAt, registeredBy: person };
  at.devices.set(keyId, { device, spki });
  return keyId;
}

/** A proposal on record, as the investigation puts it there. */
export async function propose({ store, clock, me }: TestConsole, summary = 'Roll back checkout'): Promise<Proposal> {
  const plan = { ...sampleRemediation().plan, summary };
  const planDigest = canonicalDigest(plan).digest;
  const expiresAt = new Date(clock.now() + 30 * MINUTE).toISOString();
  const policyVersion = 'd'.repeat(64);
  const links = { incident: plan.incident, investigation: plan.investigation, remediation: plan.remediation };
  const { hash } = await store.append({
    action: 'remediation.proposed',
    outcome: 'success',
    actor: { type: 'agent', id: 'remediator' },
    onBehalfOf: { type: 'user', id: me.id },
    target: { type: 'remediation', id: plan.remediation },
    links,
    data: {
      plan,
      planDigest,
      rule: 'approve-by-a-person',
      policyVersion,
      expiresAt,
      severity: 'high',
      environment: 'prod-eu',
      environmentKind: 'sandbox',
      approvalsRequired: 1,
      executeWithinMs: 15 * MINUTE,
    },
  });
  const rule = { id: 'approve-by-a-person', text: 'A person approves every change', policyVersion };
  const remediation: Remediation = sampleRemediation({ plan, planDigest, requestHash: hash, expiresAt, rule });
  return { remediation, incident: plan.incident, investigation: plan.investigation };
}

/** What the approvals do with an answer that was checked: put it on record, as far as it matters here. */
export function decideAt({ store }: TestConsole) {
  return async (answer: VerifiedAnswer): Promise<VerifiedAnswer> => {
    const { remediation, requestHash, planDigest, policyVersion, fileDigest, deviceKey, reauthentication } = answer;
    await store.append({
      action: answer.decision === 'approve' ? 'remediation.approved' : 'remediation.rejected',
      outcome: 'success',
      actor: { type: 'user', id: answer.person },
      target: { type: 'remediation', id: remediation },
      links: { incident: 'inc-0001', remediation, request: requestHash },
      data: {
        planDigest,
        justification: seal(answer.person, answer.justification),
        channel: 'file',
        rule: 'approve-by-a-person',
        policyVersion,
        reauthentication,
        file: fileDigest,
        deviceKey,
      },
    });
    return answer;
  };
}

/** A key made outside the program, for files it would not write. */
export function forgedKey(): DeviceKey {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  return { keyId: keyIdOf(spki), spki, sign: async (text) => sign(null, text, privateKey) };
}

/** The key of a person at a console, taken from its keychain. */
export function stolenKey({ secrets, me }: TestConsole): DeviceKey {
  const pkcs8 = secrets.entries.get(`device.${me.device.id}.${me.id}.key`);
  if (pkcs8 === undefined) throw new Error('no key was made');
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  const spki = createPublicKey(key).export({ format: 'der', type: 'spki' });
  return { keyId: keyIdOf(spki), spki, sign: async (text) => sign(null, text, key) };
}

/** A signed file made by the documentation alone: nothing of the program but the canonical form is used. */
export async function forgeFile(name: string, content: unknown, key: DeviceKey, prefix = name): Promise<Buffer> {
  const unsigned = { causeway: name, content, key: { id: key.keyId, spki: Buffer.from(key.spki).toString('base64') } };
  const digest = createHash('sha256').update(canonicalBytes(unsigned)).digest('hex');
  const signature = Buffer.from(await key.sign(Buffer.from(`${prefix}\n${digest}\n`))).toString('base64');
  return Buffer.concat([canonicalBytes({ ...unsigned, signature }), Buffer.from('\n')]);
}

export function contentOf(bytes: Uint8Array): Record<string, unknown> {
  return JSON.parse(Buffer.from(bytes).toString('utf8')).content;
}
