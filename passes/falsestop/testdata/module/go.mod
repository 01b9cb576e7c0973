module module

go 1.25
