// Package content is the question bank: what a question holds, how a bank is
// read from YAML, and what makes a bank valid.
//
// A bank is one YAML file or a folder of them, one topic a file. [Load] gives
// a bank that is wholly valid or a [Faults] error that lists every fault by
// file and line. [Builtin] is the bank that ships inside the program. A
// [Library] holds the banks in use and resolves what a user calls a question:
// an id, bank:id, or a number of the built-in list.
//
//	content/aws/*.yaml --go generate--> content/aws/bank.bin --embed--> Builtin()
//	a user's file.yaml ----------------------Load-----------------------> *Bank
//
// Validity is what the program relies on. What makes an entry good beyond
// that, such as enough wordings or points that differ, is [Lint]'s subject.
package content
