import { useSyncExternalStore } from 'react';
import { formatRoute, parseRoute, type Route } from './route.ts';

let previousFragment = '';
let currentFragment = window.location.hash;
let currentRoute = parseRoute(currentFragment);

/** Reads the address when it is another one: it may have changed while nothing was there that listens (signed out). */
function readRoute(): Route {
  if (window.location.hash !== currentFragment) {
    previousFragment = currentFragment;
    currentFragment = window.location.hash;
    currentRoute = parseRoute(currentFragment);
  }
  return currentRoute;
}

function subscribe(onChange: () => void): () => void {
  window.addEventListener('hashchange', onChange);
  return () => window.removeEventListener('hashchange', onChange);
}

export function useRoute(): Route {
  return useSyncExternalStore(subscribe, readRoute);
}

/** Where one came from, so that a list can put the focus back on the row that was opened. */
export function previousRoute(): Route {
  return parseRoute(previousFragment);
}

export function navigate(route: Route): void {
  window.location.hash = formatRoute(route);
}

/** The same place said more exactly (a filter, a selected record): no step of its own for Back. */
export function refineRoute(route: Route): void {
  window.history.replaceState(null, '', formatRoute(route));
  window.dispatchEvent(new HashChangeEvent('hashchange'));
}
