//! `hookc eval`: one expression, checked and evaluated with the variables that are given.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use hookc_compiler::{Diagnostic, check_expr};
use hookc_plan::{Context, EvalError, Name, Program, Slot, Type, TypeDef, Value};

use crate::disk_loader::{MAX_BYTES, read_stdin};
use crate::exit::{Exit, Failure, lower};
use crate::formats::json_line;
use crate::output::{Output, RED, Stream};
use crate::report;
use crate::reported_files::{Finding, ReportedFiles};

const EXAMPLES: &str = "\
Examples:
  hookc eval 'loss < 0.9 && size(tags) > 0' --var 'loss: float = 0.5' --var 'tags: list<string> = [\"a\"]'
  hookc eval 'note ?? \"none\"' --var 'note: string?'
  echo '7 / 2' | hookc eval -

Exit codes: 0 the value is printed, 1 the checker rejects it, 2 wrong usage, 3 the evaluation fails.";

#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Args {
    /// The expression; `-` reads it from standard input
    #[arg(value_name = "EXPR", allow_hyphen_values = true)]
    expression: String,
    /// A variable, its type and its value; one of type `T?` is null without a value
    #[arg(long = "var", value_name = "NAME: TYPE = JSON")]
    vars: Vec<String>,
}

/// One `--var`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Var {
    pub(crate) name: String,
    pub(crate) ty: String,
    /// The JSON text.
    pub(crate) value: Option<String>,
}

pub(crate) fn run(args: &Args, output: &mut Output) -> Result<Exit, Failure> {
    let expression = expression(&args.expression)?;
    let vars = vars(&args.vars)?;
    let typed: Vec<(String, String)> = vars.iter().map(|var| (var.name.clone(), var.ty.clone())).collect();
    let checked = match check_expr(&expression, &typed) {
        Ok(checked) => checked,
        Err(diagnostics) => return reject(&expression, diagnostics, output),
    };
    let values = Values::new(&vars, &checked.variables, &checked.types)?;
    let result = Program::with_types(&checked.expr, &checked.types).run_with(&values).and_then(|value| value.to_json());
    match result {
        Ok(json) => {
            output.data((json_line(&json)? + "\n").as_bytes())?;
            Ok(Exit::CLEAN)
        }
        Err(error) => fail(error, output),
    }
}

fn reject(expression: &str, diagnostics: Vec<Diagnostic>, output: &mut Output) -> Result<Exit, Failure> {
    let files = Arc::new(ReportedFiles::of_texts(vec![("<expression>".to_owned(), Arc::from(expression))]));
    let findings: Vec<Finding> =
        diagnostics.into_iter().map(|diagnostic| Finding { diagnostic, files: files.clone() }).collect();
    report::print(&findings, output, Stream::Err)?;
    Ok(Exit::FOUND)
}

fn fail(error: EvalError, output: &mut Output) -> Result<Exit, Failure> {
    output.note(&format!("{RED}error{RED:#}: {error}\n"))?;
    Ok(Exit::FAILED)
}

fn expression(given: &str) -> Result<String, Failure> {
    if given != "-" {
        return Ok(given.to_owned());
    }
    let bytes = read_stdin()
        .map_err(|error| Failure::new(format!("cannot read standard input: {}", lower(&error.to_string()))))?;
    if bytes.len() as u64 > MAX_BYTES {
        return Err(Failure::new("standard input is larger than 16 MiB"));
    }
    String::from_utf8(bytes).map_err(|_| Failure::new("standard input is not UTF-8 text"))
}

fn vars(texts: &[String]) -> Result<Vec<Var>, Failure> {
    let mut seen = BTreeSet::new();
    let mut vars = Vec::new();
    for text in texts {
        let var =
            var(text).ok_or_else(|| Failure::new(format!("`--var {text}` is not of the form `name: type = json`")))?;
        if !seen.insert(var.name.clone()) {
            return Err(Failure::new(format!("`{}` is given twice", var.name)));
        }
        vars.push(var);
    }
    Ok(vars)
}

/// No type holds a `=`, so the first one begins the value.
pub(crate) fn var(text: &str) -> Option<Var> {
    let (name, rest) = text.split_once(':')?;
    let (ty, value) = match rest.split_once('=') {
        Some((ty, value)) => (ty, Some(value.trim().to_owned())),
        None => (rest, None),
    };
    let (name, ty) = (name.trim(), ty.trim());
    (!name.is_empty() && !ty.is_empty()).then(|| Var { name: name.to_owned(), ty: ty.to_owned(), value })
}

/// The values of the variables.
struct Values(Vec<(Name, Value)>);

impl Values {
    fn new(vars: &[Var], variables: &[(Name, Type)], types: &BTreeMap<Name, TypeDef>) -> Result<Values, Failure> {
        let mut values = Vec::new();
        for (var, (name, ty)) in vars.iter().zip(variables) {
            values.push((name.clone(), value(var, ty, types)?));
        }
        Ok(Values(values))
    }
}

impl Context for Values {
    fn read(&self, slot: &Slot) -> Option<Value> {
        let Slot::Local(name) = slot else { return None };
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
    }
}

fn value(var: &Var, ty: &Type, types: &BTreeMap<Name, TypeDef>) -> Result<Value, Failure> {
    let Some(text) = &var.value else {
        return match ty {
            Type::Optional(_) | Type::Null => Ok(Value::Null),
            _ => Err(Failure::new(format!("`{}` has no value", var.name))
                .maybe_help(Some(format!("write `--var '{}: {} = …'`", var.name, var.ty)))),
        };
    };
    let json: serde_json::Value = serde_json::from_str(text)
        .map_err(|error| Failure::new(format!("the value of `{}` is not JSON: {error}", var.name)))?;
    Value::from_json(&json, ty, types)
        .map_err(|mismatch| Failure::new(format!("the value of `{}` does not fit `{ty}`: {mismatch}", var.name)))
}
