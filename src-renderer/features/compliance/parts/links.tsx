import type { CriterionRef } from '#shared/model/control.ts';
import { useMay } from '../../../bridge/access-provider.tsx';
import { formatCount } from '../../../format/numbers.ts';
import { controlHref, frameworkHref, recordHref } from '../compliance-links.ts';
import { printCriterion } from '../compliance-words.ts';

/** A record by its number, leading into the trail for those who may read it. */
export function RecordLink({ seq }: { readonly seq: number }) {
  const text = `#${formatCount(seq)}`;
  return useMay('trail.read') ? (
    <a className="num" href={recordHref(seq)}>
      <span className="visually-hidden">Record </span>
      {text}
    </a>
  ) : (
    <span className="num">{text}</span>
  );
}

export function ControlLink({ id, name }: { readonly id: string; readonly name?: string }) {
  return (
    <a className="control-link" href={controlHref(id)}>
      <code>{id}</code>
      {name === undefined ? null : <span className="external-wrap"> {name}</span>}
    </a>
  );
}

export function CriterionLink({ criterion }: { readonly criterion: CriterionRef }) {
  return (
    <a className="nowrap" href={frameworkHref(criterion.framework, criterion.id)}>
      {printCriterion(criterion)}
    </a>
  );
}
