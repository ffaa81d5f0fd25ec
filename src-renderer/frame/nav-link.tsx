import type { ReactNode } from 'react';
import { formatCount } from '../format/numbers.ts';
import { formatRoute, type Route } from '../navigation/route.ts';

interface NavLinkProps {
  readonly to: Route;
  readonly current: boolean;
  readonly count?: number;
  /** What the number counts, for those who do not see where it stands. */
  readonly counted?: string;
  /** The number asks for somebody. */
  readonly urgent?: boolean;
  readonly children: ReactNode;
}

export function NavLink({ to, current, count = 0, counted = '', urgent = false, children }: NavLinkProps) {
  return (
    <a href={formatRoute(to)} {...(current ? { 'aria-current': 'page' as const } : {})}>
      {children}
      {count === 0 ? null : (
        <span className={urgent ? 'nav-count nav-urgent num' : 'nav-count num'}>
          {formatCount(count)}
          <span className="visually-hidden"> {counted}</span>
        </span>
      )}
    </a>
  );
}

/** What the links below it have in common: for the eye, as each link says by itself where it leads. */
export function NavGroup({ children }: { readonly children: string }) {
  return (
    <span className="nav-group" aria-hidden="true">
      {children}
    </span>
  );
}
