// Makes tables sort and filter. All else on the page works without it.
'use strict';
(() => {
  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  // ---- Tables that sort --------------------------------------------------------------------------------------------
  const sortBy = (table, column) => {
    const heading = table.tHead.rows[0].cells[column];
    const numeric = heading.classList.contains('n');
    const down = heading.ariaSort ? heading.ariaSort === 'ascending' : numeric;  // numbers: largest first
    for (const cell of table.tHead.rows[0].cells) cell.removeAttribute('aria-sort');
    heading.setAttribute('aria-sort', down ? 'descending' : 'ascending');
    const key = row => numeric ? parseFloat(row.cells[column].dataset.sort) : row.cells[column].textContent;
    const order = (a, b) => numeric ? (isNaN(key(a)) - isNaN(key(b))) || (key(a) - key(b)) * (down ? -1 : 1)
                                    : key(a).localeCompare(key(b), 'en', {numeric: true}) * (down ? -1 : 1);
    table.tBodies[0].append(...[...table.tBodies[0].rows].sort(order));
  };
  for (const table of all('table.sortable')) {
    if (table.tBodies[0].rows.length < 2) continue;
    [...table.tHead.rows[0].cells].forEach((heading, column) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.append(...heading.childNodes);
      button.addEventListener('click', () => sortBy(table, column));
      heading.append(button);
    });
  }

  // ---- Inputs by grade and text ------------------------------------------------------------------------------------
  for (const form of all('.filter')) {
    const rows = all('tbody tr', form.parentElement.querySelector('.provenance'));
    const boxes = all('[type=checkbox]', form), search = form.querySelector('[type=search]');
    const filter = () => {
      const grades = new Set(boxes.filter(box => box.checked).map(box => box.value));
      const wanted = search.value.toLowerCase().split(/\s+/).filter(Boolean);
      for (const row of rows) {
        const text = [...row.cells].map(cell => cell.textContent).join(' ').toLowerCase();
        row.hidden = !grades.has(row.dataset.grade) || !wanted.every(word => text.includes(word));
      }
      form.querySelector('output').textContent = `${rows.filter(row => !row.hidden).length} of ${rows.length} shown`;
    };
    form.hidden = false;
    form.addEventListener('input', filter);
    form.addEventListener('submit', event => event.preventDefault());
    filter();
  }
})();
