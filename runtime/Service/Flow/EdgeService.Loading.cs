using ResNetEdge.Service.Model;

namespace ResNetEdge.Service.Flow;

/// <content>The first model, and the end of a trial.</content>
internal sealed partial class EdgeService
{
    private static readonly TimeSpan StartPart = TimeSpan.FromSeconds(5), StartMargin = TimeSpan.FromSeconds(30);
    private ModelTrial? _trial; // null: the model was found good

    /// <summary>The configured model; the copy of the last good one where that cannot be used, whatever is wrong with it.</summary>
    private ReadyModel LoadFirst()
    {
        var (settings, rules) = (_configuration.Model, _configuration.Rules);
        string? copy = _loader.CopyPath;
        PackageStamp? stamp = null; // until the place answered
        try
        {
            var model = Await(
                "loading the model",
                () => _loader.LoadOnTrial(settings, rules, stamp = PackageStamp.Of(settings.Package)),
                copy is null ? BackgroundWork.Patience : _environment.StartPatience);
            (_trial, _modelChange.Known) = (new ModelTrial(null), stamp!);
            return model;
        }
        catch (EdgeException e) when (copy is not null)
        {
            _modelTrouble = e.Message;
            _counters.ModelUpdatesRefused++;
            _log.Error("the configured model cannot be used; running the copy of the last good one", ("reason", e.Message), ("copy", copy));
            if (stamp is not null && e.InnerException is not TimeoutException) _modelChange.Known = stamp; // else it is looked at again
            return Await("loading the copy of the last good model", () => _loader.Load(settings, copy, rules), BackgroundWork.Patience);
        }
    }

    /// <summary>Waits for a job at the start, while the service manager is told that it takes longer.</summary>
    private ReadyModel Await(string what, Func<ReadyModel> load, TimeSpan patience)
    {
        ReadyModel? loaded = null;
        EdgeException? refusal = null;
        _work.Start(what, load, model => loaded = model, e => refusal = e, static model => model.Dispose());
        for (var waited = TimeSpan.Zero; loaded is null && refusal is null; waited += StartPart)
        {
            _environment.Notifier.ExtendTimeout(StartPart + StartMargin);
            _work.WaitForAny(StartPart < patience ? StartPart : patience);
            if (_work.Take()) continue;
            if (waited + StartPart >= patience) _work.GiveUp(patience);
        }

        return loaded ?? throw refusal!;
    }

    /// <summary>A package that was loaded is not going to run after all.</summary>
    private void ForgetTrial()
    {
        if (_trial is not null) return; // the note is of the one that runs
        _work.Start(
            "forgetting the trial",
            () =>
            {
                _loader.ForgetTrial();
                return true;
            },
            _ => { },
            e => _log.Warning("the trial of the model cannot be forgotten", ("reason", e.Message)));
    }

    /// <summary>The model ran well: it becomes the one to fall back to.</summary>
    private void EndTrial()
    {
        _trial?.Dispose();
        _trial = null;
        var model = _model;
        _work.Start(
            "keeping a copy of the model",
            () =>
            {
                _loader.KeepAsLastGood(model);
                return true;
            },
            _ => _log.Info("model found good and kept as the one to fall back to", ("model", model.Package.Name), ("frames", ModelTrial.Frames)),
            e => _log.Warning("no copy of the model could be kept to fall back to", ("reason", e.Message)));
    }
}
