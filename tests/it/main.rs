//! Does the program do what it promises, from text to output? One binary, one module a subject.

mod report;
