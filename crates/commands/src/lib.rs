//! The one list of what the page may ask and hear; TypeScript is generated from it, and every host must answer all of it.
