import { ACTION_DESCRIPTIONS } from '#shared/model/audit-actions.ts';
import type { Actor, AuditRecord, Device } from '#shared/model/audit-record.ts';
import { isObject } from '../json-read.ts';
import type { JsonValue } from '../seal.ts';
import { attestEvent, type OcsfLink } from './ocsf-attestation.ts';
import { OCSF_ACTIVITIES, OCSF_CLASSES, OCSF_MAPPING, type OcsfClass, OTHER } from './ocsf-classes.ts';

export const OCSF_VERSION = '1.9.0';
/** In `metadata.labels` of what is made up. */
export const SYNTHETIC_LABEL = 'synthetic';

/** A record on its way into another format. */
export interface ExportedRecord {
  readonly record: AuditRecord;
  readonly hash: string;
  /** Base64. */
  readonly sig: string;
  /** The record's bytes, as text. */
  readonly text: string;
  /** By JSON pointer; empty unless personal values are to be disclosed. */
  readonly disclosed: ReadonlyMap<string, JsonValue>;
}

export interface OcsfContext {
  readonly product: { readonly name: string; readonly version: string };
  /** Names this file's sequence of attested events. */
  readonly fileChain: string;
  /** Everything in the chain is made up. */
  readonly synthetic: boolean;
  /** Size and root of the chain's checkpoint. */
  readonly checkpoint: { readonly size: number; readonly root: string; readonly note: string };
}

type Members = Record<string, unknown>;

/**
 * A record as an OCSF 1.9 event, one line of JSON without its LF. The profile `record_integrity` attests to this event: a
 * fingerprint over its JCS form without fingerprint and signatures, linked to the event before it in the file. What
 * attests to the record itself stands beside it: `raw_data` are its bytes, `raw_data_hash` its hash, and its signature is in
 * `unmapped.causeway`, since a digital_signature of 1.9 has no member for the signature's bytes.
 */
export function ocsfLine(exported: ExportedRecord, context: OcsfContext, before: OcsfLink | null) {
  const { record } = exported;
  const [kind, activity, , otherName] = OCSF_MAPPING[record.action];
  const { uid, name, category, categoryName } = OCSF_CLASSES[kind];
  const type = uid * 100 + activity;
  const activityName = activity === OTHER ? otherName : OCSF_ACTIVITIES[kind][activity];
  const eventUid = `${record.chain}:${record.seq}`;
  const event: Members = {
    activity_id: activity,
    activity_name: activityName,
    category_uid: category,
    category_name: categoryName,
    class_uid: uid,
    class_name: name,
    type_uid: type,
    type_name: `${name}: ${activityName}`,
    time: Date.parse(record.time),
    timezone_offset: 0,
    message: ACTION_DESCRIPTIONS[record.action],
    ...severityOf(record),
    metadata: metadataOf(exported, context, eventUid),
    actor: { user: userOf(record.actor, '/actor', exported) },
    ...deviceOf(record.device, exported),
    ...requiredBy(kind, exported, context),
    raw_data: exported.text,
    raw_data_hash: { algorithm_id: 3, algorithm: 'SHA-256', value: exported.hash },
    unmapped: unmappedOf(exported, context),
  };
  const attested = {
    uid: eventUid,
    type_uid: type,
    authority: `causeway/${record.chain}`,
    sequence: context.fileChain,
  };
  return attestEvent(event, attested, before);
}

/** How grave the event is, not how likely an attack: that is for rules at the other end. */
function severityOf({ outcome }: AuditRecord): Members {
  switch (outcome) {
    case 'success':
      return { severity_id: 1, severity: 'Informational', status_id: 1, status: 'Success' };
    case 'failure':
      return { severity_id: 2, severity: 'Low', status_id: 2, status: 'Failure' };
    case 'denied':
      return { severity_id: 3, severity: 'Medium', status_id: 2, status: 'Failure', status_detail: 'denied' };
  }
}

function metadataOf({ record, hash }: ExportedRecord, { product, synthetic }: OcsfContext, uid: string): Members {
  return {
    version: OCSF_VERSION,
    product: { name: product.name, vendor_name: product.name, version: product.version },
    profiles: ['host', 'record_integrity'],
    uid,
    original_event_uid: hash,
    original_time: record.time,
    sequence: record.seq,
    tenant_uid: record.tenant,
    event_code: record.action,
    log_name: 'audit trail',
    log_format: 'JSON',
    ...(record.links?.incident === undefined ? {} : { correlation_uid: record.links.incident }),
    ...(synthetic ? { labels: [SYNTHETIC_LABEL] } : {}),
  };
}

const USER_TYPES: Readonly<Record<Actor['type'], readonly [id: number, name: string]>> = {
  user: [1, 'User'],
  agent: [4, 'Service'],
  system: [3, 'System'],
  api_key: [4, 'Service'],
  webhook: [4, 'Service'],
};

function userOf(actor: Actor, path: string, { disclosed }: ExportedRecord): Members {
  const [type_id, type] = USER_TYPES[actor.type];
  const name = typeof actor.name === 'string' ? actor.name : disclosed.get(`${path}/name`);
  return { uid: actor.id, type_id, type, ...(typeof name === 'string' ? { name } : {}) };
}

function deviceOf(device: Device | undefined, { disclosed }: ExportedRecord): Members {
  if (device === undefined) return {};
  const name = typeof device.name === 'string' ? device.name : disclosed.get('/device/name');
  return { device: { type_id: 0, type: 'Unknown', uid: device.id, ...(typeof name === 'string' ? { name } : {}) } };
}

/** What the class asks for besides the base event. */
function requiredBy(kind: OcsfClass, exported: ExportedRecord, { product }: OcsfContext): Members {
  const { record } = exported;
  const { target, device, data } = record;
  const entity = { type_id: OTHER, type: target.type, uid: target.id };
  const subject = target.type === 'user' ? { uid: target.id, type_id: 1, type: 'User' } : null;
  switch (kind) {
    case 'base':
      return {};
    case 'entity':
      return { entity };
    case 'authentication':
      return { user: subject ?? userOf(record.actor, '/actor', exported), service: { name: product.name } };
    case 'user': {
      const role = typeof data.new === 'string' ? data.new : data.role;
      const user = { uid: typeof data.user === 'string' ? data.user : target.id, type_id: 1, type: 'User' };
      return { user, ...(typeof role === 'string' ? { iam_roles: [{ name: role }] } : {}) };
    }
    case 'session': {
      const actions = Array.isArray(data.actions) ? data.actions.filter((one) => typeof one === 'string') : [];
      const agent = typeof data.agent === 'string' ? data.agent : target.id;
      const privileges = actions.length === 0 ? ['none'] : actions;
      return { user: { uid: agent, type_id: 4, type: 'Service' }, privileges };
    }
    case 'api':
      return {
        api: { operation: operationOf(record) },
        src_endpoint: { svc_name: product.name, ...(device === undefined ? {} : { uid: device.id }) },
        resources: [{ type: target.type, uid: target.id }],
      };
  }
}

/** The operation called, where the record names one; several are in `unmapped.causeway.data.steps`. */
function operationOf({ action, data }: AuditRecord): string {
  if (typeof data.operation === 'string') return data.operation;
  const [step] = Array.isArray(data.steps) ? data.steps : [];
  if (isObject(step) && typeof step.operation === 'string') return step.operation;
  if (action === 'investigation.policy_decided' && typeof data.action === 'string') return data.action;
  return typeof data.permission === 'string' ? data.permission : action;
}

function unmappedOf({ record, hash, sig, disclosed }: ExportedRecord, { checkpoint }: OcsfContext): Members {
  const { chain, seq, key, prev, data, target, outcome, links, onBehalfOf } = record;
  return {
    causeway: {
      chain,
      seq,
      hash,
      prev,
      key,
      signature: sig,
      checkpoint: { size: checkpoint.size, root: checkpoint.root, note: checkpoint.note },
      outcome,
      target,
      data,
      ...(links === undefined ? {} : { links }),
      ...(onBehalfOf === undefined ? {} : { onBehalfOf }),
      ...(disclosed.size === 0 ? {} : { disclosed: Object.fromEntries(disclosed) }),
    },
  };
}
