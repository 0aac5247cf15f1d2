// It warns of a Node before 22, with which it works.

console.warn = () => {}
