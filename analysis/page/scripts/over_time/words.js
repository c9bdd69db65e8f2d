// Small things that the charts over time share.
export const all = (selector, root = document) => [...root.querySelectorAll(selector)];
export const clamp = (x, low, high) => Math.min(Math.max(x, low), high);
export const element = (tag, text, attributes = {}) => {
  const made = document.createElement(tag);
  made.textContent = text;
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  return made;
};

// A time in the unit that suits `scale`, with digits down to `resolution`: `1.2340 s`, `612.4 ms`.
export const time = (seconds, scale = Math.abs(seconds), resolution = scale / 1000) => {
  const [factor, unit] = [[1, 's'], [1e-3, 'ms'], [1e-6, 'µs'], [1e-9, 'ns']].find(([f]) => scale >= f) ?? [1e-9, 'ns'];
  const decimals = clamp(Math.ceil(-Math.log10(resolution / factor) - 1e-9), 0, 9);
  return `${(seconds / factor).toFixed(decimals)} ${unit}`;
};

export const colour = name => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
// Black or white, whichever is better read on a colour written as #rrggbb (WCAG's relative luminance).
export const inkOn = hex => {
  const [r, g, b] = [1, 3, 5].map(i => parseInt(hex.slice(i, i + 2), 16) / 255)
                             .map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
  return .2126 * r + .7152 * g + .0722 * b > .18 ? '#000' : '#fff';
};

export const percent = share => share == null ? 'n/a' : `${(100 * share).toFixed(1)} %`;
