package match

import "context"

func run(ctx context.Context, fields []Field, tables [][][]string, o Options) (Result, error) {
	return Result{}, nil
}
