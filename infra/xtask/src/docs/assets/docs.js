// Examples in several languages become one with a choice, and code can be copied. Without this file everything is there
// to be read, one below the other.

const STORED = 'packshot-docs-language';

/** The language that was chosen last, on any page. */
function chosen() {
  try {
    return localStorage.getItem(STORED);
  } catch {
    return null; // Storage is switched off; the first language is as good.
  }
}

function remember(language) {
  try {
    localStorage.setItem(STORED, language);
  } catch {
    // The choice holds for this page, then.
  }
}

/** Runs of at least two neighbouring examples, each in a language of its own. */
function groups() {
  const found = [];
  for (const figure of document.querySelectorAll('figure.code')) {
    if (!['sh', 'python', 'typescript'].includes(figure.dataset.language)) continue;
    const last = found.at(-1);
    const follows = last?.at(-1) === figure.previousElementSibling;
    const isNew = follows && !last.some((other) => other.dataset.language === figure.dataset.language);
    if (isNew) last.push(figure);
    else found.push([figure]);
  }
  return found.filter((group) => group.length > 1);
}

function show(group, language) {
  const shown = group.find((figure) => figure.dataset.language === language) ?? group[0];
  for (const figure of group) figure.hidden = figure !== shown;
  for (const button of group[0].parentNode.querySelectorAll('[role=tab]')) {
    const isShown = button.dataset.language === shown.dataset.language;
    button.setAttribute('aria-selected', String(isShown));
    button.tabIndex = isShown ? 0 : -1;
  }
}

const all = groups();
all.forEach((group, number) => {
  const box = document.createElement('div');
  box.className = 'choice';
  const list = document.createElement('div');
  list.setAttribute('role', 'tablist');
  list.setAttribute('aria-label', 'Language of the example');
  group[0].before(box);
  box.append(list, ...group);
  for (const figure of group) {
    figure.id = `example-${number}-${figure.dataset.language}`;
    figure.setAttribute('role', 'tabpanel');
    const button = document.createElement('button');
    button.type = 'button';
    button.setAttribute('role', 'tab');
    button.setAttribute('aria-controls', figure.id);
    button.dataset.language = figure.dataset.language;
    button.textContent = figure.querySelector('figcaption span').textContent;
    button.addEventListener('click', () => {
      remember(button.dataset.language);
      // What is above must not push the example away that somebody looks at.
      const before = button.getBoundingClientRect().top;
      for (const other of all) show(other, button.dataset.language);
      scrollBy({ top: button.getBoundingClientRect().top - before, behavior: 'instant' });
    });
    list.append(button);
  }
  list.addEventListener('keydown', (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const buttons = [...list.children];
    const next = buttons.at((buttons.indexOf(document.activeElement) + step) % buttons.length);
    next.click();
    next.focus();
  });
  show(group, chosen());
});

for (const figure of document.querySelectorAll('figure.code')) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = 'Copy';
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(figure.querySelector('code').textContent);
    button.textContent = 'Copied';
    setTimeout(() => { button.textContent = 'Copy'; }, 2000);
  });
  figure.querySelector('figcaption').append(button);
}

// On a narrow screen the navigation is folded; on a wide one it stands beside the page.
const wide = matchMedia('(min-width: 60rem)');
const navigation = document.querySelector('.navigation details');
const fold = () => { navigation.open = wide.matches; };
wide.addEventListener('change', fold);
fold();
