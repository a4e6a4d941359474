for (const link of document.querySelectorAll('[data-route]')) {
  link.addEventListener('click', (event) => {
    event.preventDefault();
    history.pushState(null, '', link.href);
    document.getElementById('route').textContent = `This is ${location.pathname} now.`;
  });
}
document.getElementById('order').addEventListener('click', () => {
  window.clicks.track('order', { element: 'demo' });
});
