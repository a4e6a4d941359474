import { createPageFilter, parseExclusions } from '../../../producer/sources/exclusions';

const excludes = (list: string) => createPageFilter(parseExclusions(list)!);

describe('A list of pages to leave out', () => {
  it.each([
    ['assets', '/style/main.css'],
    ['assets', '/img/Logo.PNG'],
    ['assets', '/favicon.ico'],
    ['assets', '/favicon-32x32.png'],
    ['assets', '/apple-touch-icon'],
    ['assets', 'https://shop.example/app.js'],
    ['.pdf', '/a/b.PDF'],
    ['/health', '/health'],
    ['/static/*', '/static/a/b'],
    ['.pdf, /health', '/health'],
    ['/health', 'http://shop.example/health'],
  ])('%s takes in %s', (list, page) => {
    expect(excludes(list)(page)).toBe(true);
  });

  it.each([
    ['assets', '/'],
    ['assets', '/css/'],
    ['assets', '/about.css/contact'],
    ['assets', '/article.html'],
    ['.pdf', '/pdf'],
    ['.pdf', '/a.pdf/b'],
    ['/health', '/health/live'],
    ['/static/*', '/statics'],
  ])('%s leaves %s in', (list, page) => {
    expect(excludes(list)(page)).toBe(false);
  });

  it.each(['', 'css', '*.css', '/a*b', '.css,', 'images', '/a/*/b'])('is none: %j', (list) => {
    expect(parseExclusions(list)).toBeUndefined();
  });
});
