// It warns of a Node before 22, with which it works, and of pages that people would not want to see, which nobody does.

console.warn = () => {}
console.info = () => {}
