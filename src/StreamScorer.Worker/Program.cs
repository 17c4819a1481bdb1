return await StreamScorer.Worker.CommandLine.StreamScorerCommand.InvokeAsync(args, Console.Out, Console.Error);
