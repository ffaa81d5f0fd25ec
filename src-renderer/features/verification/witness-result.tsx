import type { ReactNode } from 'react';
import { Button } from '../../components/button.tsx';
import { CopyButton, HashText } from '../../components/hash-text.tsx';
import { ShapeIcon } from '../../components/shape-icon.tsx';
import { formatCount, formatPlural } from '../../format/numbers.ts';
import { CosignatureList } from './checkpoints-section.tsx';
import type { Exchanged } from './use-witness-exchange.ts';

/** What an exchange came to: where the file is, what it is about, and whom to give it to. */
export function WitnessResult({ result, onDismiss }: { readonly result: Exchanged; readonly onDismiss: () => void }) {
  return (
    <section className="exchanged" aria-label="Result of the exchange">
      <span className="tone-good">
        <ShapeIcon shape="check" />
      </span>
      <div className="stack-tight" role="status">
        {describe(result)}
      </div>
      <Button look="ghost" onPress={onDismiss}>
        Dismiss
      </Button>
    </section>
  );
}

function describe(result: Exchanged): ReactNode {
  switch (result.kind) {
    case 'request': {
      const { file, size, old } = result.made;
      return (
        <>
          <strong>Request written. Give this file to the witness.</strong>
          <FileLine file={file} what="Path of the request" />
          <p className="num sub">
            A checkpoint of {formatPlural(size, 'record')},{' '}
            {old === 0
              ? 'for a witness that has seen none yet'
              : `with the proof that it continues ${formatCount(old)}`}
          </p>
        </>
      );
    }
    case 'cosigned': {
      const { file, chain, size, root } = result.made;
      return (
        <>
          <strong>Cosigned, and on record. Give this file back.</strong>
          <FileLine file={file} what="Path of the cosignature" />
          <p className="num sub">
            Chain <code className="wrap">{chain}</code>, {formatPlural(size, 'record')}, root{' '}
            <HashText value={root} what="Root that was cosigned" />
          </p>
        </>
      );
    }
    case 'added': {
      const { size, cosignatures } = result.made;
      return (
        <>
          <strong className="num">The checkpoint of {formatPlural(size, 'record')} is cosigned.</strong>
          <CosignatureList cosignatures={cosignatures} />
        </>
      );
    }
  }
}

function FileLine({ file, what }: { readonly file: string; readonly what: string }) {
  return (
    <div className="copy-line">
      <code className="wrap">{file}</code>
      <CopyButton value={file} what={what} />
    </div>
  );
}
