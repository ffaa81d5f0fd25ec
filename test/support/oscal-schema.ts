import { readFileSync } from 'node:fs';
import path from 'node:path';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';
import { PROJECT_ROOT } from './project-root.ts';

export type OscalModel =
  | 'assessment-plan'
  | 'assessment-results'
  | 'component-definition'
  | 'plan-of-action-and-milestones';

const SCHEMA = path.join(PROJECT_ROOT, 'test/fixtures/oscal/oscal-1.2.0.schema.json');

const ajv = new Ajv({ allErrors: true, strict: false });
addFormats.default(ajv);
ajv.addSchema(JSON.parse(readFileSync(SCHEMA, 'utf8')) as object, 'oscal');

/** What the schema (test/fixtures/oscal/README.md) has against a document; nothing when it is valid. */
export function oscalErrors(model: OscalModel, document: unknown): readonly string[] {
  const validate = ajv.getSchema(`oscal#/definitions/document:${model}`);
  if (validate === undefined) throw new Error(`no schema of ${model}`);
  validate(document);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message ?? ''}`);
}
