import type { ReactNode } from 'react';
import { ScreenTitle } from '../../../components/screen-title.tsx';

interface DetailHeadProps {
  readonly page: string;
  readonly title: ReactNode;
  readonly back: { readonly href: string; readonly text: string };
  /** Beside the title: its state. */
  readonly state?: ReactNode;
  readonly actions?: ReactNode;
  readonly children?: ReactNode;
}

/** The heading of one thing that is open, with the way back to its list. */
export function DetailHead({ page, title, back, state, actions, children }: DetailHeadProps) {
  return (
    <div className="screen-head detail-head">
      <div className="head-text">
        <a className="back" href={back.href}>
          ‹ {back.text}
        </a>
        <div className="title-line">
          <ScreenTitle page={page}>
            <span className="external-wrap">{title}</span>
          </ScreenTitle>
          {state}
        </div>
        {children}
      </div>
      {actions === undefined ? null : <div className="row-actions">{actions}</div>}
    </div>
  );
}
