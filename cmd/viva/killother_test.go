//go:build !linux

package main

func manners() []manner { return []manner{lines} }
