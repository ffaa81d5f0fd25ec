/**
 * Wraps a part of the host so that using anything it does not have throws, naming it. A host that answered `undefined`
 * would let the shell rely on something that was never tried.
 */
export function strict<T extends object>(name: string, part: T): T {
  return new Proxy(part, {
    get(target, property) {
      if (property in target || typeof property === 'symbol' || property === 'then' || property === 'toJSON') {
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' && !isClass(value) ? value.bind(target) : value;
      }
      throw new Error(`The Chromium host does not have electron.${name}.${property}`);
    },
  });
}

const isClass = (value: object) => /^class\b/.test(Function.prototype.toString.call(value));

/** The same for the instances of a class: returned from the constructor, so that `this` inside stays the plain object. */
export function unsupported(name: string, options: object, known: readonly string[]): void {
  const strange = Object.keys(options).filter((key) => !known.includes(key));
  if (strange.length > 0) throw new Error(`The Chromium host does not have ${name}: ${strange.join(', ')}`);
}
