import { SYNTHETIC_CHAIN } from '#shared/model/synthetic.ts';
import { ShapeIcon } from './shape-icon.tsx';

/** Beside a verdict: what holds here proves nothing, since all of it is made up. */
export function SyntheticNote() {
  return (
    <p className="sub">
      <span className="tag tone-warn">
        <ShapeIcon shape="diamond" />
        Synthetic data
      </span>{' '}
      {SYNTHETIC_CHAIN}
    </p>
  );
}
